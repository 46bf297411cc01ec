/** Envelopes that no honest client sends: to a device, in anybody's name (nothing in `inner` is authenticated). */
import { concat, toHex, Writer } from '../crypto/bytes.js';
import { encodeContent } from '../crypto/content.js';
import { decodeDeviceList } from '../crypto/device-list.js';
import { KIND, sealEnvelope } from '../crypto/envelope.js';
import { randomBytes } from '../crypto/random.js';
import { decodePeer, encryptFor } from '../session/session-table.js';

/**
 * @typedef {import('./server-double.js').ServerDouble} ServerDouble
 * @typedef {{ accountId: Uint8Array, deviceId: number }} Address
 */

/**
 * @param {ServerDouble} server
 * @param {Address} to
 * @param {Address} from
 * @param {Uint8Array} body
 * @param {1 | 2} [kind]
 */
export function deliverForged(server, to, from, body, kind) {
  server.replay(to.accountId, to.deviceId, [forge(server, to, from, body, kind)]);
}

/**
 * @param {ServerDouble} server
 * @param {Address} to
 * @param {Address} from
 * @param {Uint8Array} body
 * @param {1 | 2} [kind]
 */
export function forge(server, to, from, body, kind = KIND.RATCHET) {
  const list = decodeDeviceList(/** @type {Uint8Array} */ (server.account(to.accountId).dlcs.at(-1)));
  const device = list.devices.find(({ deviceId }) => deviceId === to.deviceId);
  if (!device) throw new Error('not listed');
  const { accountId, deviceId } = to;
  const sender = { accountId: from.accountId, deviceId: from.deviceId };
  return sealEnvelope({ recipient: { accountId, deviceId, dhk: device.dhk }, sender, kind, body });
}

/**
 * A ratchet message that nobody made.
 *
 * @param {Uint8Array} sid16
 */
export function garbage(sid16) {
  const header = new Writer().u8(1).u8(0).fixed(sid16, 16).u32(0).u32(0).fixed(randomBytes(32), 32).finish();
  return concat(header, randomBytes(72 + 256));
}

/**
 * The sessions that lie on a device's disk, with one peer device.
 *
 * @param {import('./test-device.js').TestDevice} device
 * @param {Address} peer
 */
export async function sessionsOf(device, { accountId, deviceId }) {
  const peers = device.stored('sessions').map((row) => decodePeer(row, []));
  const found = peers.find(
    (peer) => peer.deviceId === deviceId && toHex(peer.accountId) === toHex(accountId),
  );
  if (!found) throw new Error('no sessions');
  return found;
}

/**
 * The envelopes that wait on a device's disk in the name of an account, oldest first.
 *
 * @param {import('./test-device.js').TestDevice} device
 * @param {Uint8Array} account
 * @returns {import('../inbox/held-envelopes.js').HeldEnvelope[]}
 */
export const heldBy = (device, account) =>
  device.stored('held').filter((row) => row.row === 'identity' && toHex(row.account) === toHex(account));

/**
 * What a modified client of `from` says, in its true session.
 *
 * @param {ServerDouble} server
 * @param {Address} to
 * @param {import('./test-device.js').TestDevice} from
 * @param {(Uint8Array | Parameters<typeof encodeContent>[0])[]} contents bytes are sent as they are
 */
export async function deliverAuthentic(server, to, from, contents) {
  let peer = await sessionsOf(from, to);
  const ownList = /** @type {Uint8Array} */ (server.account(from.accountId).dlcs.at(-1));
  for (const given of contents) {
    const content = given instanceof Uint8Array ? given : encodeContent(given);
    const sealed = encryptFor(peer, { content, ownList }, Date.UTC(2026, 0, 5));
    peer = sealed.peer;
    deliverForged(server, to, from, sealed.body, sealed.kind);
  }
}
