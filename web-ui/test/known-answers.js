import { equal, fromHex, toHex } from '../src/core/crypto/bytes.js';
import { hmac, sha256 } from '../src/core/crypto/hash.js';
import { expand, extract, hkdf } from '../src/core/crypto/hkdf.js';
import {
  agree,
  agreementKeyOf,
  decapsulate,
  encapsulateWithCoinsForTests,
  kemKeyOf,
  verifyUnlabelledForTests,
} from '../src/core/crypto/keys.js';
import { sodium } from '../src/core/crypto/sodium.js';

/**
 * Known answers of others (vectors/README.md), recomputed in Node and in a browser by the same functions.
 *
 * @typedef {object} Outcome
 * @property {number} executed vectors that were run
 * @property {string[]} failed names of those whose answer is another one
 *
 * @typedef {object} KnownAnswers
 * @property {string} file below test/vectors
 * @property {number} count of vectors that have to run
 * @property {(data: any) => Outcome} check
 */

/** @type {Record<string, KnownAnswers>} */
export const KNOWN_ANSWERS = {
  'Wycheproof X25519': {
    file: 'wycheproof/x25519_test.json',
    count: 518,
    check: wycheproof(({ private: secret, public: peer, shared, flags }) =>
      flags.includes('ZeroSharedSecret')
        ? isRefused(() => agree(fromHex(secret), fromHex(peer)), 'E_ZERO')
        : toHex(agree(fromHex(secret), fromHex(peer))) === shared,
    ),
  },
  'Wycheproof Ed25519, verification': {
    file: 'wycheproof/ed25519_test.json',
    count: 151,
    check: wycheproof(
      ({ msg, sig, result }, { publicKey }) =>
        verifyUnlabelledForTests(fromHex(publicKey.pk), fromHex(msg), fromHex(sig)) === (result === 'valid'),
    ),
  },
  // Case 3 alone is a signature in the eyes of RFC 8032 without cofactor: its key has a part of small order, and that
  // part cancels out. All others have a small-order or non-canonical point, S ≥ L, or need the cofactor.
  'Ed25519 speccheck': {
    file: 'ed25519-speccheck/cases.json',
    count: 12,
    check: (cases) =>
      each(cases, ({ pub_key: key, message, signature }, number) => {
        const verified = verifyUnlabelledForTests(fromHex(key), fromHex(message), fromHex(signature));
        return verified === (number === 3);
      }),
  },
  'Wycheproof HKDF-SHA256': {
    file: 'wycheproof/hkdf_sha256_test.json',
    count: 86,
    check: wycheproof(({ ikm, salt, info, size, okm, result }) => {
      const derive = () => toHex(hkdf(fromHex(salt), fromHex(ikm), fromHex(info), size));
      return result === 'valid' ? derive() === okm : isRefused(derive, 'RangeError');
    }),
  },
  'RFC 5869 HKDF-SHA256': {
    file: 'rfc/rfc5869.json',
    count: 3,
    check: (vectors) =>
      each(vectors, ({ ikm, salt, info, length, prk, okm }) => {
        const extracted = extract(fromHex(salt), fromHex(ikm));
        return toHex(extracted) === prk && toHex(expand(extracted, fromHex(info), length)) === okm;
      }),
  },
  'Wycheproof HMAC-SHA256': {
    file: 'wycheproof/hmac_sha256_test.json',
    count: 174,
    check: wycheproof(({ key, msg, tag, result }, { tagSize }) => {
      const computed = hmac(fromHex(key), fromHex(msg)).subarray(0, tagSize / 8);
      return equal(computed, fromHex(tag)) === (result === 'valid');
    }),
  },
  'Wycheproof ML-KEM-768, key generation': {
    file: 'wycheproof/mlkem_768_keygen_seed_test.json',
    count: 100,
    check: wycheproof(({ seed, ekSha256 }) => makesKey(seed, ekSha256)),
  },
  'Wycheproof ML-KEM-768, encapsulation': {
    file: 'wycheproof/mlkem_768_encaps_test.json',
    count: 84,
    check: wycheproof(({ ek, m, cSha256, K, comment, result }) => {
      const encapsulate = () => encapsulateWithCoinsForTests(fromHex(ek), fromHex(m));
      if (result !== 'valid')
        return isRefused(encapsulate, / too (short|long)$/.test(comment) ? 'RangeError' : 'E_FORMAT');
      const { ciphertext, secret } = encapsulate();
      return toHex(sha256(ciphertext)) === cSha256 && toHex(secret) === K;
    }),
  },
  'Wycheproof ML-KEM-768, decapsulation': {
    file: 'wycheproof/mlkem_768_test.json',
    count: 76,
    check: wycheproof(({ seed, ekSha256, c, K, result }) => {
      const open = () => toHex(decapsulate(fromHex(seed), fromHex(c)));
      if (result !== 'valid') return isRefused(open, 'RangeError');
      return makesKey(seed, ekSha256) && open() === K;
    }),
  },
  'tweetnacl-js secretbox': {
    file: 'tweetnacl-js/secretbox.random.json',
    count: 169,
    check: (vectors) =>
      each(vectors.map(fromBase64), ([key, nonce, message, box]) => {
        const opened = sodium.crypto_secretbox_open_easy(box, nonce, key);
        return equal(sodium.crypto_secretbox_easy(message, nonce, key), box) && equal(opened, message);
      }),
  },
  'tweetnacl-js box': {
    file: 'tweetnacl-js/box.random.json',
    count: 77,
    check: (vectors) => {
      const nonce = new Uint8Array(24);
      return each(vectors.map(fromBase64), ([publicKey, secretKey, message, box]) => {
        const opened = sodium.crypto_box_open_easy(box, nonce, publicKey, secretKey);
        return (
          equal(sodium.crypto_box_easy(message, nonce, publicKey, secretKey), box) && equal(opened, message)
        );
      });
    },
  },
  'tweetnacl-js scalarMult': {
    file: 'tweetnacl-js/scalarmult.random.json',
    count: 64,
    check: (vectors) =>
      each(vectors.map(fromBase64), ([publicA, secretA, publicB, secretB, shared]) => {
        const [a, b] = [agreementKeyOf(secretA), agreementKeyOf(secretB)];
        return (
          equal(a.publicKey, publicA) &&
          equal(b.publicKey, publicB) &&
          equal(agree(secretA, publicB), shared) &&
          equal(agree(secretB, publicA), shared)
        );
      }),
  },
  // Below the least that argon2id() of password.js accepts, hence the primitive under it.
  'libsodium Argon2id': {
    file: 'libsodium/pwhash_argon2id.json',
    count: 9,
    check: (vectors) =>
      each(vectors, ({ password, salt, opslimit, memlimit, hash }) => {
        const length = hash.length / 2;
        const algorithm = sodium.crypto_pwhash_ALG_ARGON2ID13;
        const computed = sodium.crypto_pwhash(
          length,
          fromHex(password),
          fromHex(salt),
          opslimit,
          memlimit,
          algorithm,
        );
        return toHex(computed) === hash;
      }),
  },
};

/** What is not run, with the reason. */
export const NOT_RUN = {
  'RFC 9106 §5.3 Argon2id':
    'four lanes, a secret and associated data: crypto_pwhash has one lane and neither; MP2P/1 §9.1 uses p = 1',
  'RFC 9106 §5.1 Argon2d and §5.2 Argon2i': 'MP2P/1 uses Argon2id alone',
  'RFC 5869 A.4 to A.7': 'HKDF with SHA-1',
  'Wycheproof mlkem_768_semi_expanded_decaps_test':
    'a private key is kept as its seed and never read in expanded form (MP2P/1 §1)',
  'Wycheproof ML-KEM-768, encapsulation, 181 of 265, and decapsulation, 117 of 193':
    'alike to those that run: vectors/README.md',
  'tweetnacl-js secretbox, 599 of 768, box, 179 of 256, and scalarMult, 192 of 256':
    'alike to those that run: vectors/README.md',
  'tweetnacl-js hash, onetimeauth and sign':
    'SHA-512 and Poly1305 alone are no part of MP2P/1; Ed25519 is checked by Wycheproof',
};

/**
 * @param {string} name of KNOWN_ANSWERS
 * @param {any} data
 */
export function checkKnownAnswers(name, data) {
  const known = KNOWN_ANSWERS[name];
  if (!known) throw new RangeError(`no known answers of the name ${name}`);
  return known.check(data);
}

/**
 * @param {(test: any, group: any) => boolean} holds
 * @returns {(data: any) => Outcome}
 */
function wycheproof(holds) {
  return ({ testGroups }) => {
    const tests = testGroups.flatMap((/** @type {any} */ group) =>
      group.tests.map((/** @type {any} */ test) => ({ test, group })),
    );
    return each(tests, ({ test, group }) => holds(test, group));
  };
}

/**
 * @param {any[]} vectors
 * @param {(vector: any, number: number) => boolean} holds
 * @returns {Outcome}
 */
function each(vectors, holds) {
  const failed = vectors.flatMap((vector, number) => {
    const name = vector.test ? `tcId ${vector.test.tcId}` : `number ${number}`;
    try {
      return holds(vector, number) ? [] : [name];
    } catch (error) {
      return [`${name}: ${error}`];
    }
  });
  return { executed: vectors.length, failed };
}

/**
 * @param {() => unknown} action
 * @param {string} reason code of a ProtocolError, or name of another error
 */
function isRefused(action, reason) {
  try {
    action();
    return false;
  } catch (error) {
    const { code, name } = /** @type {any} */ (error);
    return (code ?? name) === reason;
  }
}

/**
 * @param {string} seed
 * @param {string} ekSha256
 */
function makesKey(seed, ekSha256) {
  return toHex(sha256(kemKeyOf(fromHex(seed)).publicKey)) === ekSha256;
}

/** @param {string[]} texts with padding, as tweetnacl-js has them */
function fromBase64(texts) {
  return texts.map((text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
}
