/**
 * Every domain separation label of MP2P/1 §1 that this client uses. Each stands for one purpose and is written
 * nowhere else; `labels.test.js` holds the code to that.
 */

/** What `Sign` puts before the message, after `MP2P/1/sig/`. */
export const SIGN = Object.freeze({
  deviceList: 'dlc',
  device: 'device',
  prekey: 'prekey',
  login: 'login',
});

export const SIGN_PREFIX = 'MP2P/1/sig/';

export const SEAL = Object.freeze({
  message: 'MP2P/1/msg',
  envelope: 'MP2P/1/env',
  vaultRootKey: 'MP2P/1/vrk',
  vaultRootKeyByRecovery: 'MP2P/1/vrk-rec',
  vault: 'MP2P/1/vault',
  localKey: 'MP2P/1/ldk',
  localKeyByUnlockKey: 'MP2P/1/ldk-uk',
  record: 'MP2P/1/ldb',
});

/** `info` of HKDF and Expand. */
export const INFO = Object.freeze({
  sessionSecret: 'MP2P/1/pqxdh',
  rootKey: 'MP2P/1/rk',
  envelopeKey: 'MP2P/1/env-k',
  file: 'MP2P/1/file',
  authSecret: 'MP2P/1/auth',
  vaultKek: 'MP2P/1/vault-kek',
  localKek: 'MP2P/1/local-kek',
  databaseBlind: 'MP2P/1/ldb/blind',
  /** Followed by the name of the store. */
  databaseStore: 'MP2P/1/ldb/',
});

/** First input of H, followed by 0x00. */
export const HASH = Object.freeze({
  accountId: 'MP2P/1/aid',
  sessionTranscript: 'MP2P/1/pqxdh-th',
  envelopeId: 'MP2P/1/envid',
  conversationId: 'MP2P/1/conv',
  password: 'MP2P/1/pw',
  passwordSalt: 'MP2P/1/pw-salt',
});

/** Message of an HMAC. */
export const MAC = Object.freeze({
  deliveryToken: 'MP2P/1/dtoken',
});
