import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { scene } from '../harness/scene.js';
import { blocksOf, scriptOf, shapeOf } from './blocks.js';

const REPOSITORY = new URL('../../', import.meta.url).pathname;
const PAGE = readFileSync(join(REPOSITORY, 'docs/api.md'), 'utf8');
const BLOCKS = blocksOf(PAGE);

const missing = ['bash', 'curl'].find((program) => spawnSync(program, ['--version']).error);

const place = scene();
const folder = mkdtempSync(join(tmpdir(), 'mp2p-api-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('every command of docs/api.md runs, and answers in the form that is shown', {
  skip: missing && `no ${missing} here`,
}, async () => {
  const commands = BLOCKS.filter(({ language }) => language === 'sh');
  assert.ok(commands.length >= 9, `${commands.length} blocks of commands`);
  const script = join(folder, 'commands.sh');
  writeFileSync(script, scriptOf(commands, folder));

  const shell = spawn('bash', ['-eu', '-o', 'pipefail', script], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      TMPDIR: folder,
      MESSENGER: place.stack.url,
      CERTIFICATE: place.stack.certificateFile(),
    },
  });
  let said = '';
  shell.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const [status] = await once(shell, 'close');
  assert.equal(status, 0, said);

  for (const service of ['auth-service', 'mailbox-service'])
    assert.deepEqual(JSON.parse(fileOfShell(`${service}.json`)), documentOf(service), service);

  let shown = 0;
  for (const [i, { language, text }] of BLOCKS.entries()) {
    const before = BLOCKS[i - 1];
    if (before?.language !== 'sh' || (language !== 'json' && language !== 'text')) continue;
    const got = readFileSync(join(folder, `${before.line}.out`), 'utf8');
    if (language === 'text') assert.equal(got, text, `line ${before.line}`);
    else assert.deepEqual(shapeOf(JSON.parse(got)), shapeOf(JSON.parse(text)), `line ${before.line}`);
    shown++;
  }
  assert.ok(shown >= 8, `${shown} answers`);
});

test('the script of docs/api.md is the file, and of at most sixty lines', () => {
  const file = readFileSync(join(REPOSITORY, 'docs/api/hello.mjs'), 'utf8');

  assert.deepEqual(
    BLOCKS.filter(({ language }) => language === 'js').map(({ text }) => text),
    [file],
  );
  assert.ok(file.trimEnd().split('\n').length <= 60);
});

test('docs/api.md lists the refusals of the OpenAPI documents, each with its status', () => {
  /** @type {Record<string, string>} */
  const documented = { 'method-not-allowed': '405' };
  for (const service of ['auth-service', 'mailbox-service']) {
    const { schemas } = documentOf(service).components;
    for (const { properties } of Object.values(schemas))
      if (properties?.type?.const)
        documented[properties.type.const.replace('urn:mp2p:problem:', '')] = `${properties.status.const}`;
  }
  const listed = [...PAGE.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \| ./gm)].map(([, slug, status]) => [
    slug,
    status,
  ]);

  assert.deepEqual(Object.fromEntries(listed), documented);
  assert.equal(listed.length, Object.keys(documented).length);
});

/** The OpenAPI document that is checked in. @param {string} service */
function documentOf(service) {
  const file = join(REPOSITORY, service, `src/main/resources/openapi/${service}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** What the commands have left in their own folder, the one that they make. @param {string} name */
function fileOfShell(name) {
  const [own = ''] = readdirSync(folder).filter((entry) => entry.startsWith('tmp.'));
  return readFileSync(join(folder, own, name), 'utf8');
}
