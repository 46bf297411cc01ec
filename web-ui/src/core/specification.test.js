import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { quoted, rowsUnder, specificationTables } from '../../test/specification.js';
import { STOCK } from './account/prekey-plan.js';
import { fullStock } from './account/prekey-stock.js';
import { CTYPE, isEphemeral, isReceipted, isSequenced } from './crypto/content.js';
import { FLAG_BROWSER, signDeviceEntry, signDeviceList } from './crypto/device-list.js';
import { encodePrekeyBody, KIND, MAX_ENVELOPE, sealEnvelope } from './crypto/envelope.js';
import { ProtocolError } from './crypto/errors.js';
import { KEM_CIPHERTEXT, KEM_PUBLIC_KEY, newAgreementKey, newSigningKey } from './crypto/keys.js';
import { MAX_CONTENT, pad } from './crypto/padding.js';
import { KDF_FLOOR } from './crypto/password.js';
import { PREKEY, signPrekey } from './crypto/prekey.js';
import { encodeHeader, FLAG_CT, FLAG_EK, FLAG_ELIDED } from './crypto/ratchet-header.js';
import { SEAL_OVERHEAD } from './crypto/seal.js';
import { ready } from './crypto/sodium.js';
import { SEALED_STORES } from './db/schema.js';
import { encodeRelayFrame, FRAME, MAX_REFS } from './path/relay-frame.js';
import { retentionMs } from './retention.js';
import { Refusal, refused } from './session/refusal.js';

/** docs/protocol.md and the code say the same: whatever a machine can compare of the tables is compared here. */

const CORE = new URL('./', import.meta.url);
const UNITS = { bytes: 1, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

await ready();
const tables = await specificationTables();

/**
 * "30 d" and the like, times in ms.
 *
 * @param {string} cell
 */
function specifiedValue(cell) {
  const [, number, unit] = /^(\d+)(?: (\w+))?$/.exec(cell) ?? [];
  const factor = unit === undefined ? 1 : UNITS[/** @type {keyof typeof UNITS} */ (unit)];
  assert.ok(number !== undefined && factor !== undefined, `"${cell}" is no value`);
  return Number(number) * factor;
}

/**
 * The value of a constant in a source text: a number, or a product of numbers and other constants there.
 *
 * @param {string} source
 * @param {string} name
 * @returns {number}
 */
function valueInCode(source, name) {
  const declared = new RegExp(`^(?:export )?const ${name} = ([^;]+);`, 'm').exec(source)?.[1];
  assert.ok(declared, `there is a constant ${name}`);
  return declared
    .split('*')
    .map((factor) => factor.trim())
    .map((factor) =>
      /^[A-Z]\w*$/.test(factor) ? valueInCode(source, factor) : Number(factor.replaceAll('_', '')),
    )
    .reduce((product, factor) => product * factor);
}

test('every constant has the value of the specification', async () => {
  const rows = rowsUnder(tables, 'name', 'value', 'meaning', 'code');
  assert.ok(rows.length > 60, `${rows.length} constants`);
  for (const { name, value, code } of rows) {
    const [file = '', constant = ''] = quoted(code);
    const source = await readFile(new URL(file, CORE), 'utf8');
    assert.equal(valueInCode(source, constant), specifiedValue(/** @type {string} */ (value)), name);
  }
});

test('no constant stands twice in the specification', () => {
  const names = rowsUnder(tables, 'name', 'value', 'meaning', 'code').map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

test('content is padded to the specified sizes', () => {
  const buckets = rowsUnder(tables, 'bucket').map(({ bucket }) => Number(bucket));
  let least = 0;
  for (const bucket of buckets) {
    for (const length of [least, bucket - 1]) assert.equal(pad(new Uint8Array(length)).length, bucket);
    least = bucket;
  }
  assert.equal(least, MAX_CONTENT + 1);
});

test('every kind of content has the specified number, and is counted and receipted as specified', () => {
  const rows = rowsUnder(tables, 'ctype', 'name', 'seq', 'receipted', 'use');
  assert.deepEqual(Object.fromEntries(rows.map(({ ctype, name }) => [name, Number(ctype)])), CTYPE);
  for (const { ctype, name, seq, receipted, use } of rows) {
    const kind = Number(ctype);
    const always = isSequenced(kind, {}) ? 'yes' : 'no';
    assert.equal(seq, isSequenced(kind, { state: '' }) && always === 'no' ? 'with `state`' : always, name);
    assert.equal(receipted, isReceipted(kind) ? 'yes' : 'no', name);
    assert.equal(use?.startsWith('ephemeral'), isEphemeral(kind), name);
  }
});

test('every body of content is specified', () => {
  const specified = rowsUnder(tables, 'name', 'body').map(({ name = '' }) => name.split(' ')[0]);
  assert.deepEqual(new Set(specified), new Set(Object.keys(CTYPE)));
});

test('every refusal has the specified consequence', () => {
  const rows = rowsUnder(tables, 'class', 'meaning', 'session held', 'no session held', 'may heal');
  for (const { class: name = '', ...row } of rows) {
    for (const held of [true, false]) {
      const specified = row[held ? 'session held' : 'no session held'];
      if (specified === '–') continue;
      const { code, action, evidence, mayHeal } = refused(errorOf(name), new Uint8Array(16), held);
      assert.equal(code, name);
      assert.equal(evidence ? `${action}, ${evidence}` : action, specified, name);
      assert.equal(mayHeal ? 'yes' : 'no', row['may heal'], name);
    }
  }
});

test('every error class of the code is specified, and no other', async () => {
  const source = await readFile(new URL('crypto/errors.js', CORE), 'utf8');
  const inCode = new Set(source.match(/E_[A-Z_]+/g));
  const classes = rowsUnder(tables, 'class', 'meaning').map(({ class: name = '' }) => name);
  assert.deepEqual(new Set(classes.filter((name) => name.startsWith('E_'))), inCode);
  const refusals = await readFile(new URL('session/refusal.js', CORE), 'utf8');
  const [, union = ''] = /@typedef \{([^}]+)\} RefusalCode/.exec(refusals) ?? [];
  for (const [, code = ''] of union.matchAll(/'(\w+)'/g)) assert.ok(classes.includes(code), code);
});

test('the flags of a ratchet message are the specified ones', () => {
  const rows = rowsUnder(tables, 'flag', 'value', 'meaning');
  const specified = Object.fromEntries(rows.map(({ flag = '', value }) => [flag, Number(value)]));
  assert.deepEqual(specified, { EK: FLAG_EK, CT: FLAG_CT, EL: FLAG_ELIDED });
});

test('the stock of prekeys and its retention are the specified ones', () => {
  const rows = rowsUnder(tables, 'kind', 'full stock');
  const specified = rows.map((row) => ({
    full: Number(row['full stock']),
    low: Number(row['made anew when the server has fewer than']),
  }));
  assert.deepEqual(specified, [STOCK[PREKEY.ONE_TIME], STOCK[PREKEY.KEM_ONE_TIME]]);
  assert.equal(fullStock(0).length, specifiedConstant('UPLOAD'));
  assert.deepEqual(
    [1, 30, 60, 365].map(retentionMs),
    [30, 30, 60, 90].map((days) => days * UNITS.d),
  );
});

test('the costs of a password are the specified ones', async () => {
  const source = await readFile(new URL('crypto/password.js', CORE), 'utf8');
  const rows = rowsUnder(tables, 'parameter', 'at least', 'at most');
  const least = rows.map((row) => Number(row['at least']));
  assert.deepEqual(least, [KDF_FLOOR.mKib, KDF_FLOOR.t, KDF_FLOOR.p]);
  const [, mKib = '', t = ''] = /KDF_CEILING = .*mKib: ([\d_]+), t: (\d+)/.exec(source) ?? [];
  const most = rows.map((row) => Number(row['at most']));
  assert.deepEqual(most, [Number(mKib.replaceAll('_', '')), Number(t), KDF_FLOOR.p]);
});

test('every store of the local database is specified', () => {
  const specified = rowsUnder(tables, 'store', 'holds').flatMap(({ store = '' }) => store.split(', '));
  assert.deepEqual(specified.toSorted(), SEALED_STORES.toSorted());
});

test('in every layout each field begins where the one before ends', () => {
  const layouts = tables.filter(({ columns }) => columns[0] === 'offset' && columns[1] === 'length');
  assert.ok(layouts.length > 15, `${layouts.length} layouts`);
  for (const { page, rows } of layouts) {
    assert.equal(rows[0]?.offset, '0', `${page}: ${rows[0]?.field}`);
    for (const [i, { offset, length, field }] of rows.entries()) {
      const next = rows[i + 1]?.offset ?? '';
      if (!/^\d+$/.test(`${offset}${length}${next}`) || next === '') continue;
      assert.equal(Number(offset) + Number(length), Number(next), `${page}: after ${field}`);
    }
  }
});

test('the layouts are as long as what the code makes', () => {
  assert.equal(endOf('Poly1305 tag'), SEAL_OVERHEAD);
  assert.equal(endOf('dh_pub: ratchet key of the chain'), ratchetHeader().length);
  const [dsk, aik] = [newSigningKey(), newSigningKey()];
  const device = { accountId: new Uint8Array(16), deviceId: 1, dskSeed: dsk.seed };
  const entry = signDeviceEntry({
    ...device,
    aik: aik.publicKey,
    dsk: dsk.publicKey,
    dhk: new Uint8Array(32),
    addedMs: 0,
    flags: FLAG_BROWSER,
  });
  for (const count of [1, 8]) {
    const devices = Array.from({ length: count }, () => entry);
    const list = signDeviceList({ aikSeed: aik.seed, listVersion: 1, issuedMs: 0, devices });
    assert.equal(list.length, endOf('n, 1 to 8') + count * endOf(/^dev_sig/) + 64);
  }
  const prekey = (/** @type {1 | 3} */ kind, /** @type {number} */ length) =>
    signPrekey({ ...device, kind, keyId: 1, createdMs: 0, publicKey: new Uint8Array(length) }).length;
  assert.equal(prekey(PREKEY.SIGNED, 32), endOf('created_ms') + 32 + 64);
  assert.equal(prekey(PREKEY.KEM_LAST_RESORT, KEM_PUBLIC_KEY), endOf('created_ms') + KEM_PUBLIC_KEY + 64);
  assert.equal(prekeyBody().length, endOf(/^length L/));
});

test('the largest possible envelope is as large as specified, and allowed', async () => {
  const list = new Uint8Array(endOf('n, 1 to 8') + 8 * endOf(/^dev_sig/) + 64);
  const message = new Uint8Array(
    endOf('dh_pub: ratchet key of the chain') + KEM_PUBLIC_KEY + SEAL_OVERHEAD + 32_768,
  );
  const sender = { accountId: new Uint8Array(16), deviceId: 1 };
  const recipient = { ...sender, dhk: newAgreementKey().publicKey };
  const envelope = sealEnvelope({ recipient, sender, kind: KIND.PREKEY, body: prekeyBody(list, message) });
  const page = await readFile(new URL('../../../docs/protocol/message.md', CORE), 'utf8');
  assert.match(
    page,
    new RegExp(`full content, ${envelope.length.toLocaleString('en').replace(',', ' ')}\\b`),
  );
});

test('every exported function of the crypto folder names its section', async () => {
  const folder = new URL('crypto/', CORE);
  /** Encodings of §1 and shapes of §6.1, the sodium module, and the error itself. */
  const notation = ['bytes.js', 'json-shape.js', 'sodium.js', 'errors.js'];
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.js') || name.endsWith('.test.js') || notation.includes(name)) continue;
    const source = await readFile(new URL(name, folder), 'utf8');
    for (const [, comment = '', exported = ''] of source.matchAll(
      /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export (?:async )?(?:function|class) (\w+)/g,
    ))
      assert.match(comment, /§/, `${name}: ${exported}`);
    const documented = source.match(/\*\/\s*export (?:async )?(?:function|class) /g)?.length ?? 0;
    const all = source.match(/^export (?:async )?(?:function|class) /gm)?.length ?? 0;
    assert.equal(documented, all, `${name}: every export has a docstring`);
  }
});

test('the frames of /ws are those of the server, in the page and in the specification', async () => {
  const { binary } = await served();
  assert.deepEqual(FRAME, binary.types);
  assert.equal(MAX_REFS, binary.further_refs);
  const payload = Uint8Array.of(7);
  const frame = encodeRelayFrame({
    type: 1,
    account: new Uint8Array(16).fill(2),
    device: 3,
    ref: 4,
    payload,
  });
  assert.equal(frame.length, binary.offsets.payload + 1);
  assert.deepEqual(
    Object.values(binary.offsets).map((at) => frame[at]),
    [1, 2, 0, 0, 7],
  );
  assert.deepEqual([frame[binary.offsets.ref - 1], frame[binary.offsets.payload - 1]], [3, 4]);

  const rows = rowsUnder(tables, 'type', 'from the client', 'from the server');
  const specified = rows.map(({ type = '' }) => type.split(' ')).map(([code, name]) => [name, Number(code)]);
  assert.deepEqual(Object.fromEntries(specified), binary.types);
  const layout = tables.find(
    ({ rows: [first, second] }) => first?.field === 'type' && second?.field === 'account',
  );
  assert.deepEqual(
    Object.fromEntries(layout?.rows.map(({ field, offset }) => [field, Number(offset)]) ?? []),
    binary.offsets,
  );
});

test('the messages of /ws are those of the server, in the page and in the specification', async () => {
  const { text } = await served();
  const rows = rowsUnder(tables, 'from', 't', 'fields', 'meaning');
  for (const from of /** @type {const} */ (['server', 'client'])) {
    const specified = rows
      .filter((row) => row.from === from)
      .map(({ t, fields = '' }) => [quoted(t)[0], fields.replace(/:.*/, '').split(', ').filter(Boolean)]);
    const inServer = Object.entries(text[from]).map(([t, fields]) => [t, Object.keys(fields)]);
    assert.deepEqual(Object.fromEntries(specified), Object.fromEntries(inServer));
  }
  const page = (await sourceOf('path/socket.js')) + (await sourceOf('path/relay.js'));
  const read = [...page.matchAll(/(?:case |message\.t === )'(\w+)'/g)].map(([, t]) => t);
  assert.deepEqual(new Set(read), new Set(Object.keys(text.server)));
});

test('every close code of the server has its consequence, in the page and in the specification', async () => {
  const codes = Object.values((await served()).close_codes);
  const specified = rowsUnder(tables, 'close code', 'why').flatMap(
    (row) => row['close code']?.match(/\d+/g) ?? [],
  );
  for (const code of codes) assert.equal(specified.filter((each) => each === `${code}`).length, 1, `${code}`);
  const page = await sourceOf('path/socket.js');
  const [, defects = ''] = /DEFECTS = new Set\(\[(.*)\]\)/.exec(page) ?? [];
  const cases = [...page.matchAll(/case (\d+):/g)].map(([, code]) => Number(code));
  const handled = new Set([...defects.split(', ').map(Number), ...cases]);
  // as after a network failure
  assert.deepEqual(
    codes.filter((code) => !handled.has(code)),
    [1011],
  );
  for (const code of cases) assert.ok(codes.includes(code), `the server closes by ${code}`);
});

test('the page keeps the limits of /ws that the server has by default', async () => {
  const { limits } = await served();
  assert.equal(MAX_ENVELOPE, limits.max_envelope);
  assert.ok(specifiedConstant('WATCHED') <= limits.watched_accounts);
  assert.ok(specifiedConstant('WATCH_INTERVAL') * limits.watch_per_minute >= UNITS.min);
});

/** What signaling-service speaks, as its build has checked it in. */
async function served() {
  const file = new URL('../../../docs/protocol/ws.json', CORE);
  return /** @type {Contract} */ (JSON.parse(await readFile(file, 'utf8')));
}

/**
 * @typedef {{ type: number, account: number, device: number, ref: number, payload: number }} Offsets
 * @typedef {object} Contract
 * @property {Record<'server' | 'client', Record<string, object>>} text
 * @property {{ types: Record<string, number>, offsets: Offsets, further_refs: number }} binary
 * @property {Record<string, number>} close_codes
 * @property {{ max_envelope: number, watched_accounts: number, watch_per_minute: number }} limits
 */

/** @param {string} path */
const sourceOf = (path) => readFile(new URL(path, CORE), 'utf8');

/** @param {string} name */
function specifiedConstant(name) {
  const row = rowsUnder(tables, 'name', 'value', 'meaning', 'code').find((found) => found.name === name);
  return specifiedValue(row?.value ?? '');
}

/**
 * Where the one field of that name ends.
 *
 * @param {string | RegExp} field
 */
function endOf(field) {
  const rows = rowsUnder(tables, 'offset', 'length', 'field').filter((row) =>
    typeof field === 'string' ? row.field === field : field.test(row.field ?? ''),
  );
  assert.equal(rows.length, 1, `${field}`);
  return Number(rows[0]?.offset) + Number(rows[0]?.length);
}

/** @param {string} name */
function errorOf(name) {
  if (name === 'STALE') return new ProtocolError('E_DUP', 'used');
  if (name.startsWith('E_')) return new ProtocolError(/** @type {any} */ (name), 'refused');
  return new Refusal(/** @type {any} */ (name));
}

function ratchetHeader() {
  return encodeHeader({
    flags: 0,
    sid16: new Uint8Array(16),
    pn: 0,
    n: 0,
    dhPub: new Uint8Array(32),
    ek: null,
    ct: null,
  });
}

/** @param {Uint8Array} [deviceList] @param {Uint8Array} [message] */
function prekeyBody(deviceList = new Uint8Array(), message = new Uint8Array()) {
  return encodePrekeyBody({
    epoch: 1,
    spkId: 1,
    opkId: 0,
    pqKind: PREKEY.KEM_LAST_RESORT,
    pqId: 1,
    ek: new Uint8Array(32),
    ct: new Uint8Array(KEM_CIPHERTEXT),
    deviceList,
    message,
  });
}
