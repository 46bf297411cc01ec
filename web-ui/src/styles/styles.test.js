import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const sheets = readdirSync(folder).filter((name) => name.endsWith('.css'));

/** Left and right, width and height: whatever would be wrong in a page that runs the other way. */
const PHYSICAL =
  /^\s*(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)|left|right|top|bottom|inset\s*:\s*[^;]*\s[^;]*\s|(?:min-|max-)?(?:width|height)|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right))\b/;

test('styles use logical properties only', () => {
  const physical = sheets.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => PHYSICAL.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );

  assert.deepEqual(physical, []);
});

test('every sheet lies in a layer', () => {
  const index = readFileSync(join(folder, 'index.css'), 'utf8');
  const layered = [...index.matchAll(/url\("?'?\.\/([a-z]+\.css)'?"?\) layer\(([a-z]+)\)/g)];

  assert.match(index, /^@layer reset, tokens, base, layout, components, utilities;/);
  assert.deepEqual(
    layered.map((match) => match[1]).sort(),
    sheets.filter((name) => name !== 'index.css').sort(),
  );
});
