/**
 * Private prekeys as rows of the store `prekeys` (MP2P/1 §3).
 *
 * @typedef {import('../engine-contract.js').PrekeyRow} PrekeyRow
 * @typedef {import('../engine-contract.js').Database} Database
 * @typedef {import('../engine-contract.js').KeyPart} KeyPart
 */
import { Writer } from '../crypto/bytes.js';
import { newAgreementKey, newKemKey } from '../crypto/keys.js';
import { PREKEY, signPrekey } from '../crypto/prekey.js';
import { randomU32 } from '../crypto/random.js';

/**
 * @param {number} kind
 * @param {number} keyId
 * @returns {KeyPart[]}
 */
export function prekeyKey(kind, keyId) {
  return ['prekey', new Writer().u8(kind).u32(keyId).finish()];
}

/**
 * @param {1 | 2 | 3 | 4} kind
 * @param {number} createdMs
 * @param {ReadonlySet<number>} taken key ids of this kind that this device holds
 * @returns {PrekeyRow}
 */
export function newPrekey(kind, createdMs, taken) {
  const keyId = freeId(taken);
  if (kind === PREKEY.KEM_LAST_RESORT || kind === PREKEY.KEM_ONE_TIME) {
    const { publicKey, seed } = newKemKey();
    return { row: 'prekey', kind, keyId, createdMs, publicKey, secret: seed };
  }
  const { publicKey, secretKey } = newAgreementKey();
  return { row: 'prekey', kind, keyId, createdMs, publicKey, secret: secretKey };
}

/**
 * The public record; the same bytes each time it is made from one row, for Ed25519 is deterministic.
 *
 * @param {PrekeyRow} row
 * @param {{ accountId: Uint8Array, deviceId: number, dskSeed: Uint8Array }} device
 */
export function recordOf({ kind, keyId, createdMs, publicKey }, device) {
  return signPrekey({
    ...device,
    kind: /** @type {1 | 2 | 3 | 4} */ (kind),
    keyId,
    createdMs,
    publicKey,
  });
}

/**
 * Every private prekey that this device holds.
 *
 * @param {Database} db
 * @returns {Promise<PrekeyRow[]>}
 */
export async function loadPrekeys(db) {
  // the replay cache lies in the same store (§9.7)
  const rows = /** @type {{ value: PrekeyRow }[]} */ (await db.list('prekeys', []));
  return rows.map(({ value }) => value).filter(({ row }) => row === 'prekey');
}

/** @param {ReadonlySet<number>} taken */
function freeId(taken) {
  for (;;) {
    const id = randomU32();
    if (!taken.has(id)) return id;
  }
}
