import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtocolError } from '../crypto/errors.js';
import { Refusal, refused } from './refusal.js';

/** @typedef {import('./refusal.js').RefusalCode} Code */

const SID16 = new Uint8Array(16);

/** @param {Code | 'E_DUP'} code @param {boolean} held */
function outcome(code, held) {
  const error = code.startsWith('E_')
    ? new ProtocolError(/** @type {import('../crypto/errors.js').ProtocolErrorCode} */ (code), 'why')
    : new Refusal(/** @type {Code} */ (code));
  const { action, evidence, mayHeal } = refused(error, SID16, held);
  return [action, evidence, mayHeal];
}

test('what a sender that is out of step may have caused is asked for again, strongly where a session is held', () => {
  for (const code of /** @type {const} */ (['STALE', 'E_DUP'])) {
    assert.deepEqual(outcome(code, true), ['retry', 'strong', false], code);
    assert.deepEqual(outcome(code, false), ['retry', 'weak', false], code);
  }
  for (const code of /** @type {const} */ (['E_SKIP', 'E_STATE', 'E_NEED_FULL'])) {
    assert.deepEqual(outcome(code, true), ['retry', 'strong', true], code);
    assert.deepEqual(outcome(code, false), ['retry', 'weak', true], code);
  }
  assert.deepEqual(outcome('E_NO_SESSION', false), ['retry', 'weak', true]);
});

test('a tag that fails is evidence only where a session is held', () => {
  assert.deepEqual(outcome('E_AUTH', true), ['retry', 'strong', false]);
  assert.deepEqual(outcome('E_AUTH', false), ['drop', null, false]);
});

test('a prekey that is gone is weak evidence, whatever session the message names', () => {
  for (const held of [true, false]) {
    assert.deepEqual(outcome('E_UNKNOWN_PREKEY', held), ['retry', 'weak', false]);
  }
});

test('lists that contradict or prove nothing are held, everything else is dropped', () => {
  for (const held of [true, false]) {
    for (const code of /** @type {const} */ (['E_DLC', 'UNPROVEN'])) {
      assert.deepEqual(outcome(code, held), ['hold', null, false], code);
    }
    for (const code of /** @type {const} */ ([
      'E_FORMAT',
      'E_REPLAY',
      'E_ZERO',
      'BLOCKED',
      'UNLISTED',
      'WRONG_PEER',
    ])) {
      assert.deepEqual(outcome(code, held), ['drop', null, false], code);
    }
  }
});

test('a signed prekey is named as exhausted by a refusal that says so, and by no other', () => {
  const full = new Refusal('E_REPLAY', { exhaustedSpk: 7 });
  assert.equal(refused(full, null, false).exhaustedSpk, 7);
  assert.equal(refused(new Refusal('BLOCKED'), null, false).exhaustedSpk, null);
  assert.equal(refused(new ProtocolError('E_REPLAY', 'seen'), null, false).exhaustedSpk, null);
});

test('a defect of the code is no refusal', () => {
  const defect = new TypeError('a defect');
  assert.throws(() => refused(defect, SID16, true), defect);
});
