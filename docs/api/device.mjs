// Makes and reads the bodies that a program sends by curl. Keys stay in <name>.keys; the code is the page's own.
import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { newAccount } from '../../web-ui/src/core/account/new-account.js';
import { fromBase64url, fromUtf8, toBase64url } from '../../web-ui/src/core/crypto/bytes.js';
import { deliveryToken, deliveryTokenHash } from '../../web-ui/src/core/crypto/delivery-token.js';
import { decodeDeviceList } from '../../web-ui/src/core/crypto/device-list.js';
import { KIND, openEnvelope, sealEnvelope } from '../../web-ui/src/core/crypto/envelope.js';
import { signLogin } from '../../web-ui/src/core/crypto/login-proof.js';
import { argon2id, deriveKeys, passwordSalt, preHash } from '../../web-ui/src/core/crypto/password.js';
import { verifyBundleDevice } from '../../web-ui/src/core/crypto/prekey.js';
import { ready } from '../../web-ui/src/core/crypto/sodium.js';

const host = new URL(process.env.MESSENGER).hostname;
const [command, name, file, recipient] = process.argv.slice(2);
const asText = (_, value) => (value instanceof Uint8Array ? toBase64url(value) : value);
const asBytes = (key, value) => (key && typeof value === 'string' ? fromBase64url(value) : value);
const own = (of = name) => JSON.parse(readFileSync(`${of}.keys`, 'utf8'), asBytes);
const print = (value) => console.log(JSON.stringify(value, asText));

const commands = {
  register({ m_kib: mKib, t, p, server_salt, server: { canonical_host, log_key: logKey } }) {
    if (canonical_host !== host) throw new Error(`the server calls itself ${canonical_host}`);
    const kdf = { mKib, t, p, serverSalt: fromBase64url(server_salt) };
    const password = preHash(readFileSync(`${name}.password`, 'utf8').trim());
    const keys = deriveKeys(argon2id(password, passwordSalt(host, name, kdf.serverSalt), mKib, t));
    const account = newAccount({ username: name, kdf, keys, server: { logKey }, nowMs: Date.now() });
    const { accountId, deviceId, dsk, dhk, items, request } = account;
    const prekeys = account.prekeys.map(({ row: _, ...prekey }) => prekey);
    const kept = { accountId, deviceId, dsk, dhk: dhk.publicKey, dhkSecret: dhk.secretKey, prekeys };
    const json = JSON.stringify({ ...kept, token: deliveryToken(fromBase64url(items.delivery_key)) }, asText);
    writeFileSync(`${name}.keys`, json, { mode: 0o600, flag: 'wx' });
    print(request);
  },
  challenge: () => print({ account_id: own().accountId, device_id: own().deviceId }),
  refresh({ nonce, expiry_ms: expiryMs }) {
    const { accountId, deviceId, dsk } = own();
    const challenge = { nonce: fromBase64url(nonce), serverName: host, expiryMs };
    const sig = signLogin({ dskSeed: dsk.seed, accountId, deviceId, ...challenge });
    print({ account_id: accountId, device_id: deviceId, nonce, sig });
  },
  headers({ tokens }) {
    for (const [service, token] of Object.entries(tokens))
      writeFileSync(`${name}.${service}`, `Authorization: Bearer ${token}\n`, { mode: 0o600 });
  },
  messages({ dlc, devices }, token) {
    const list = decodeDeviceList(fromBase64url(dlc));
    const envelopes = devices.map(({ device_id: deviceId, ...offered }) => {
      const prekeys = JSON.parse(JSON.stringify(offered), asBytes);
      const { identity } = verifyBundleDevice(list, { deviceId, ...prekeys }, Date.now());
      const inner = { sender: own(), kind: KIND.RATCHET, body: readFileSync(file) };
      return { device_id: deviceId, envelope: sealEnvelope({ recipient: identity, ...inner }) };
    });
    print({ to: list.accountId, list_version: list.listVersion, envelopes, token });
  },
  deliver: (bundle) => commands.messages(bundle, own(recipient).token),
  'delivery-token': () => print({ hash: deliveryTokenHash(own().token) }),
  open: ({ items }) =>
    items.map(({ envelope }) => print(fromUtf8(openEnvelope(own(), fromBase64url(envelope)).body))),
  ack: ({ items }) => print({ ids: items.map(({ id }) => id) }),
};

await ready();
commands[command](JSON.parse((process.stdin.isTTY ? '' : await text(process.stdin)) || 'null'));
