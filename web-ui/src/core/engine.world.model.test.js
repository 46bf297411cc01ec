import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ready } from './crypto/sodium.js';
import { Burglary } from './model/burglary.js';
import { chanceOf, pick, seedKeys } from './model/chance.js';
import { FAULTS, Faults } from './model/faults.js';
import { SixBrowsers } from './model/six-browsers.js';

/**
 * Two accounts with three browsers each, real cryptography, every fault at once. MODEL_SEED=… runs one scene again,
 * MODEL_ENVELOPES=… asks for more of them; a seed gives the same run each time, keys included.
 */
const { MODEL_SEED, MODEL_ENVELOPES = '20000' } = process.env;
const KINDS = /** @type {const} */ (['steady', 'rollback', 'loss']);
const STEPS = 160;
const HOUR_MS = 3_600_000;

before(ready);

/** @param {number} seed */
async function run(seed) {
  seedKeys(seed);
  const chance = chanceOf(seed);
  const kind = /** @type {typeof KINDS[number]} */ (KINDS[seed % KINDS.length]);
  const scene = new SixBrowsers({ webrtc: seed % 2 === 0 });
  const burglary = new Burglary(scene.witness);
  await scene.meet();
  const faults = new Faults(scene, burglary, chance, kind);
  for (let step = 0; step < STEPS; step++) {
    if (chance() < 0.7) scene.writeSome(chance);
    else await faults.happen();
    await scene.time.run(chance() < 0.02 ? HOUR_MS * chance() : 1500 * chance());
    await faults.pass();
    if (step % 20 === 0) burglary.steal(pick(chance, scene.all));
    if (step % 8 !== 0) continue;
    scene.checkAlways();
    for (const device of scene.all) burglary.checkSecrecy(device, scene.server);
  }
  await faults.end();
  await calm(scene);
  checkExpired(scene);
  scene.checkAlways();
  for (const device of scene.all) burglary.checkSecrecy(device, scene.server);
  return { scene, burglary, faults };
}

/**
 * Nothing goes wrong any more: all that was kept is shown everywhere, and every two devices agree on one session.
 *
 * @param {SixBrowsers} scene
 */
async function calm(scene) {
  for (let round = 0; round < 60; round++) {
    for (const device of scene.all) {
      scene.write(device);
      await scene.time.run(20_000);
    }
    await scene.time.run(2 * HOUR_MS);
    const missing = scene.all.flatMap((device) => [...scene.missingAt(device), ...scene.gapsAt(device)]);
    if (missing.length === 0 && scene.disagreeing().length === 0) return;
  }
  assert.deepEqual(
    scene.all.map((device) => scene.missingAt(device)),
    scene.all.map(() => []),
    'what was kept is shown everywhere',
  );
  assert.deepEqual(
    scene.all.map((device) => scene.gapsAt(device)),
    scene.all.map(() => []),
    'no number is missed of what is shown',
  );
  assert.deepEqual(scene.disagreeing(), [], 'one session for every two devices');
}

/**
 * Nobody has dismissed anything: each device tells just what its mailbox let expire.
 *
 * @param {SixBrowsers} scene
 */
function checkExpired({ server, all }) {
  for (const device of all) {
    const { expired = 0 } = server.account(device.accountId).devices.get(device.deviceId) ?? {};
    const row = device.stored('seen').find((value) => value.row === 'expired');
    assert.equal(row?.untold ?? 0, expired, 'what expired is told once');
  }
}

describe('two accounts with three browsers each', () => {
  if (MODEL_SEED !== undefined) {
    test(`seed ${MODEL_SEED}`, async () => {
      await run(Number(MODEL_SEED));
    });
    return;
  }
  test(`keep every promise over ${MODEL_ENVELOPES} envelopes and every fault`, async (context) => {
    const totals = {
      scenes: 0,
      envelopes: 0,
      texts: 0,
      keptSecret: 0,
      healed: 0,
      openedUnread: 0,
      openedBeforeHealing: 0,
    };
    /** @type {Map<string, number>} */
    const happened = new Map();
    for (let seed = 1; totals.envelopes < Number(MODEL_ENVELOPES); seed++) {
      const { scene, burglary, faults } = await run(seed).catch((error) => {
        throw new Error(`MODEL_SEED=${seed}`, { cause: error });
      });
      totals.scenes += 1;
      totals.envelopes += scene.witness.acknowledged;
      totals.texts += scene.written.size;
      totals.keptSecret += burglary.counts.keptSecret;
      totals.healed += burglary.counts.healed;
      totals.openedUnread += burglary.counts.openedUnread;
      totals.openedBeforeHealing += burglary.counts.openedBeforeHealing;
      for (const [name, count] of faults.happened) happened.set(name, (happened.get(name) ?? 0) + count);
    }
    context.diagnostic(JSON.stringify(totals));
    context.diagnostic(JSON.stringify(Object.fromEntries(happened)));
    if (Number(MODEL_ENVELOPES) < 20_000) return; // a scene alone may see little of anything
    assert.ok(totals.openedUnread > 50, 'the thief is able to read what has not been read');
    assert.ok(totals.openedBeforeHealing > 100, 'and what is sent before a session has healed');
    assert.ok(totals.healed > 1000);
    assert.deepEqual(
      FAULTS.filter((name) => !happened.get(name)),
      [],
      'each fault has happened',
    );
  });
});
