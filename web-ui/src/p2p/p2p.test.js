import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { CandidateBatches } from './candidates.js';
import { goesThroughTurn } from './route.js';

/** @param {string} local @param {string} remote */
function report(local, remote) {
  return /** @type {RTCStatsReport} */ (
    /** @type {unknown} */ (
      new Map(
        Object.entries({
          T: { type: 'transport', selectedCandidatePairId: 'P' },
          P: { type: 'candidate-pair', state: 'succeeded', localCandidateId: 'L', remoteCandidateId: 'R' },
          Q: {
            type: 'candidate-pair',
            state: 'succeeded',
            nominated: true,
            localCandidateId: 'X',
            remoteCandidateId: 'X',
          },
          L: { type: 'local-candidate', candidateType: local },
          R: { type: 'remote-candidate', candidateType: remote },
          X: { type: 'local-candidate', candidateType: 'relay' },
        }),
      )
    )
  );
}

test('a relay on either end is a relay', () => {
  assert.equal(goesThroughTurn(report('host', 'host')), false);
  assert.equal(goesThroughTurn(report('prflx', 'relay')), true);
  assert.equal(goesThroughTurn(report('relay', 'prflx')), true);
});

test('without a transport entry the nominated pair counts, without any there is no answer', () => {
  const stats = /** @type {Map<string, any>} */ (/** @type {unknown} */ (report('host', 'host')));
  stats.delete('T');
  assert.equal(goesThroughTurn(/** @type {any} */ (stats)), true);
  assert.equal(goesThroughTurn(/** @type {any} */ (new Map())), null);
});

const candidate = (/** @type {string} */ text) =>
  /** @type {RTCIceCandidate} */ ({ candidate: text, sdpMid: '0', sdpMLineIndex: 0 });

test('candidates go in two batches at most, and gathering ends after four seconds', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  /** @type {string[][]} */
  const sent = [];
  const batches = new CandidateBatches((candidates) => sent.push(candidates.map((one) => one.candidate)));
  batches.add(candidate('a'));
  batches.add(candidate('b'));
  mock.timers.tick(60);
  batches.add(candidate('c'));
  mock.timers.tick(1000);
  batches.add(candidate('d'));
  mock.timers.tick(2939);
  assert.deepEqual(sent, [['a', 'b']]);
  mock.timers.tick(1);
  batches.add(candidate('too late'));
  mock.timers.tick(10_000);
  mock.timers.reset();

  assert.deepEqual(sent, [
    ['a', 'b'],
    ['c', 'd'],
  ]);
});
