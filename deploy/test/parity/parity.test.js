import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask } from '../harness/client.js';
import { startFront } from '../harness/front.js';
import { isBuilt, OneProcess } from '../harness/one-process.js';
import { releaseFile } from '../harness/release.js';

const skip = isBuilt()
  ? false
  : 'the one-process form is not built: ./mvnw package --projects standalone --also-make';

/** Of the connection and the server program, not of the answer. */
const APART = new Set(['date', 'server', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);

/** @type {import('../harness/front.js').Front} */
let front;
/** @type {OneProcess} */
let oneProcess;
before(async () => {
  if (skip) return;
  oneProcess = new OneProcess();
  [front] = await Promise.all([startFront(), oneProcess.start()]);
});
after(() => Promise.all([oneProcess?.remove(), front?.remove()]));

/** @type {Record<string, (value: string) => string>} */
const ALIKE = {
  etag: () => 'each has a way of its own to make one',
  vary: (value) => value.toLowerCase(),
};

/** @param {import('../harness/client.js').Answer} answer */
const facts = ({ status, fields }) => ({
  status,
  fields: fields
    .filter(([name]) => !APART.has(name))
    .map(([name, value]) => [name, ALIKE[name]?.(value) ?? value])
    .sort(),
});

/** @type {[string, string, import('../harness/client.js').Call][]} */
const KINDS = [
  ['the page', '/', {}],
  ['the page in brotli', '/', { headers: { 'Accept-Encoding': 'gzip, br' } }],
  ['the page to HEAD', '/', { method: 'HEAD' }],
  ['a route of the page', '/c/someone', {}],
  ['the worker', releaseFile('core.worker-', '.js'), { headers: { 'Accept-Encoding': 'br' } }],
  ['the script', releaseFile('app-', '.js'), { headers: { 'Accept-Encoding': 'gzip' } }],
  ['the style', releaseFile('app-', '.css'), {}],
  ['the icons', releaseFile('icons-', '.svg'), {}],
  ['the list of files', '/files.json', {}],
  ['the licences', '/licenses.txt', {}],
  ['no file', '/nothing', {}],
  ['a packed file by its name', `${releaseFile('app-', '.css')}.br`, {}],
  ['health', '/q/health', {}],
  ['a post to the page', '/', { method: 'POST' }],
  ['a call that is not there', '/api/nothing', {}],
];
for (const [kind, path, call] of KINDS) {
  test(`answers as the one-process form does: ${kind}`, { skip }, async () => {
    const theirs = await ask(path, { ...call, port: oneProcess.port });

    const ours = await ask(path, call);

    assert.deepEqual(facts(ours), facts(theirs));
    if (!path.startsWith('/api/')) assert.deepEqual(ours.body, theirs.body);
    else assert.deepEqual(JSON.parse(`${ours.body}`), JSON.parse(`${theirs.body}`));
  });
}

test('answers as the one-process form does: what has not changed', { skip }, async () => {
  const [ours, theirs] = await Promise.all(
    [{}, { port: oneProcess.port }].map(async (call) => {
      const { headers } = await ask('/', call);
      return ask('/', { ...call, headers: { 'If-None-Match': String(headers.etag) } });
    }),
  );

  assert.equal(ours?.status, 304);
  assert.deepEqual(facts(/** @type {any} */ (ours)), facts(/** @type {any} */ (theirs)));
});
