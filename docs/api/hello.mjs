// Registers Alice and Bob, lets Alice write to Bob, and lets Bob read. The code that it calls is the page's own.
import { newAccount } from '../../web-ui/src/core/account/new-account.js';
import { Tokens } from '../../web-ui/src/core/account/tokens.js';
import { Rest } from '../../web-ui/src/core/api/rest.js';
import { fromBase64url, fromUtf8, utf8 } from '../../web-ui/src/core/crypto/bytes.js';
import { deliveryToken, deliveryTokenHash } from '../../web-ui/src/core/crypto/delivery-token.js';
import { decodeDeviceList } from '../../web-ui/src/core/crypto/device-list.js';
import { KIND, openEnvelope, sealEnvelope } from '../../web-ui/src/core/crypto/envelope.js';
import { argon2id, deriveKeys, passwordSalt, preHash } from '../../web-ui/src/core/crypto/password.js';
import { verifyBundleDevice } from '../../web-ui/src/core/crypto/prekey.js';
import { ready } from '../../web-ui/src/core/crypto/sodium.js';

const { origin, hostname } = new URL(process.env.MESSENGER);
const clocks = { now: () => Date.now(), elapsed: () => performance.now() };

async function register(username, password) {
  const open = new Rest(origin);
  const { server, ...kdf } = await open.loginParameters(username);
  if (server.canonicalHost !== hostname) throw new Error(`the server calls itself ${server.canonicalHost}`);
  const salt = passwordSalt(hostname, username, kdf.serverSalt);
  const keys = deriveKeys(argon2id(preHash(password), salt, kdf.mKib, kdf.t));
  const account = newAccount({ username, kdf, keys, server, nowMs: Date.now() });
  await open.createAccount(JSON.stringify(account.request));
  return { ...account, username, api: new Rest(origin, signIn(account)) };
}

/** Signs a challenge with the device key whenever a token is needed that is not there or has ended. */
function signIn({ accountId, deviceId, dsk }) {
  const device = { accountId, deviceId, serverName: hostname, dskSeed: dsk.seed };
  return new Tokens({ origin, device, clocks, onServerFacts() {}, onRevoked() {} });
}

/** One envelope for each of the recipient's devices, whose keys the bundle proves. */
function seal({ dlc, devices }, { accountId, deviceId }, text) {
  const list = decodeDeviceList(dlc);
  const envelopes = devices.map((offered) => {
    const { identity: recipient } = verifyBundleDevice(list, offered, Date.now());
    const inner = { sender: { accountId, deviceId }, kind: KIND.RATCHET, body: utf8(text) };
    return { deviceId: offered.deviceId, envelope: sealEnvelope({ recipient, ...inner }) };
  });
  return { to: list.accountId, listVersion: list.listVersion, envelopes };
}

await ready();
const password = () => crypto.randomUUID();
const alice = await register(`alice-${Date.now()}`, password());
const bob = await register(`bob-${Date.now()}`, password());
const token = deliveryToken(fromBase64url(bob.items.delivery_key));
await bob.api.putDeliveryToken(deliveryTokenHash(token));

const bundle = await alice.api.bundle(await alice.api.username(bob.username));
await alice.api.messages(seal(bundle, alice, 'Hello Bob'));
await alice.api.deliver({ ...seal(bundle, alice, 'Hello again, and nobody knows from whom'), token });

const { items } = await bob.api.collect();
const self = { ...bob, dhk: bob.dhk.publicKey, dhkSecret: bob.dhk.secretKey };
for (const { envelope } of items) console.log(fromUtf8(openEnvelope(self, envelope).body));
await bob.api.ack(items.map(({ id }) => id));
