import { utf8, Writer } from './bytes.js';
import { sign } from './keys.js';
import { SIGN } from './labels.js';

/**
 * Proof of the device key that every access token needs, MP2P/1 §9.2.
 * @param {{ dskSeed: Uint8Array, nonce: Uint8Array, serverName: string, accountId: Uint8Array, deviceId: number,
 *   expiryMs: number }} challenge `serverName`: the host the client itself connected to, so that one server cannot
 *   use a proof made for another
 */
export function signLogin({ dskSeed, nonce, serverName, accountId, deviceId, expiryMs }) {
  const statement = new Writer()
    .fixed(nonce, 32)
    .lp16(utf8(serverName))
    .fixed(accountId, 16)
    .u32(deviceId)
    .u64(expiryMs)
    .finish();
  return sign(dskSeed, SIGN.login, statement);
}
