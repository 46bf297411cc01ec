/**
 * The scene of the large model test: two accounts with three browsers each in conversation, whatever can go wrong, and
 * what has to hold all the same.
 *
 * @typedef {import('./chance.js').Chance} Chance
 * @typedef {{ text: string, account: number, atMs: number }} Written
 */
import assert from 'node:assert/strict';
import { decodePeer, decodeSkippedKey, selected } from '../session/session-table.js';
import { between, pick } from './chance.js';
import { ServerDouble } from './server-double.js';
import { TestAccount, TestDevice } from './test-device.js';
import { during } from './two-people.js';
import { VirtualTime } from './virtual-time.js';
import { WebrtcDouble } from './webrtc-double.js';
import { Witness } from './witness.js';

const DEVICES = 3;
const BOUNDS = Object.freeze({ sessions: 4, skipped: 2000, oldChains: 64, replayRows: 10_000 });

export class SixBrowsers {
  time = new VirtualTime();
  server = new ServerDouble(this.time);
  world = new WebrtcDouble(this.time);
  witness = new Witness();
  /** @type {TestAccount[]} */
  accounts = [];
  /** @type {TestDevice[][]} by account */
  devices = [[], []];
  /** @type {Map<string, Written>} what was written, whether or not it was kept */
  written = new Map();
  /** Texts that an engine said it has kept. @type {Map<TestDevice, string[]>} */
  kept = new Map();
  /** From when on a device has to show everything. @type {Map<TestDevice, number>} */
  since = new Map();
  /** Written on a device that forgot them before everybody had them. @type {Set<string>} */
  excused = new Set();
  /** @type {{ id: string }} */
  chat = { id: '' };
  #webrtc;
  #texts = 0;

  /** @param {{ webrtc: boolean }} options */
  constructor({ webrtc }) {
    this.#webrtc = webrtc;
  }

  get all() {
    return this.devices.flat();
  }

  /** Everybody knows everybody, and both have accepted. */
  async meet() {
    for (const [i, name] of ['alice', 'bob'].entries()) {
      this.accounts.push(new TestAccount(name, this.server));
      await this.join(i);
    }
    const [alice, bob] = [this.devices[0]?.[0], this.devices[1]?.[0]];
    assert.ok(alice && bob);
    this.chat = await during(this.time, alice.chatWith('bob'));
    this.write(alice);
    await this.time.until(async () => (await bob.chats()).length === 1, 'Bob sees the chat');
    this.write(bob);
    for (const account of [0, 1])
      for (let i = 1; i < DEVICES; i++) {
        await this.join(account);
        await this.time.run(5000);
      }
    for (const device of this.all)
      await this.time.until(
        async () => (await device.chats())[0]?.accepted === true,
        'all devices know that both have accepted',
        48 * 3_600_000,
      );
    for (const device of this.all) this.since.set(device, this.time.now());
  }

  /** @param {number} account that signs in on another browser */
  async join(account) {
    const options = this.#webrtc ? { webrtc: this.world } : {};
    const device = new TestDevice(/** @type {TestAccount} */ (this.accounts[account]), this.time, options);
    device.keepsStock = true;
    this.witness.watch(device);
    this.devices[account]?.push(device);
    this.since.set(device, this.time.now());
    this.kept.set(device, []);
    await device.start();
    return device;
  }

  /** @param {TestDevice} device whose storage was lost, and which the user takes off the list */
  lose(device) {
    const account = this.accountOf(device);
    device.kill();
    this.accounts[account]?.remove(device);
    this.devices[account] = (this.devices[account] ?? []).filter((other) => other !== device);
  }

  /** @param {TestDevice} device */
  accountOf(device) {
    return this.devices[0]?.includes(device) ? 0 : 1;
  }

  /**
   * @param {TestDevice} device
   * @param {import('../engine-contract.js').Engine} [engine] of another tab
   */
  write(device, engine = device.engine) {
    const text = `text ${++this.#texts}`;
    this.written.set(text, { text, account: this.accountOf(device), atMs: this.time.now() });
    const id = `${String(this.#texts).padStart(20, '0')}AA`; // 16 bytes as base64url
    Promise.resolve(engine.sendText({ chatId: this.chat.id, id, text })).then(
      () => this.kept.get(device)?.push(text),
      (/** @type {any} */ error) => {
        if (!['elsewhere', 'storage-full'].includes(error.code)) throw error;
      },
    );
  }

  /** @param {Chance} chance */
  writeSome(chance) {
    const device = pick(chance, this.all);
    if (device.database.dead) return;
    for (let count = between(chance, 1, 8); count > 0; count--) this.write(device);
  }

  /**
   * Texts that a device shows, from its disk.
   *
   * @param {TestDevice} device
   * @param {'in' | 'out'} [direction]
   * @returns {string[]}
   */
  shown(device, direction) {
    const rows = device.stored('messages').flatMap((segment) => segment.rows);
    return rows.filter((row) => !direction || row.direction === direction).map((row) => row.body.text);
  }

  /** What must hold at every moment. */
  checkAlways() {
    assert.deepEqual(this.witness.violations, []);
    for (const device of this.all) {
      const texts = this.shown(device);
      assert.equal(new Set(texts).size, texts.length, 'a text is shown twice');
      for (const text of texts) assert.ok(this.written.has(text), 'a text that nobody wrote');
      this.#checkBounds(device);
    }
  }

  /** @param {TestDevice} device */
  #checkBounds(device) {
    const skipped = device.stored('skipped').map(decodeSkippedKey);
    for (const record of device.stored('sessions')) {
      const { sessions } = decodePeer(record, skipped);
      assert.ok(sessions.length <= BOUNDS.sessions);
      for (const session of sessions) {
        assert.ok(session.ratchet.old.length <= BOUNDS.oldChains);
        assert.ok(session.skipped.size <= BOUNDS.skipped);
      }
    }
    const replay = device.stored('prekeys').filter(({ row }) => row === 'replay');
    assert.ok(replay.length <= BOUNDS.replayRows);
  }

  /**
   * @param {TestDevice} device
   * @returns {string[]} texts that it must show once faults have ended, and does not
   */
  missingAt(device) {
    const since = this.since.get(device) ?? 0;
    const shown = new Set(this.shown(device));
    return [...this.lasting()].filter(
      (text) => !shown.has(text) && /** @type {Written} */ (this.written.get(text)).atMs >= since,
    );
  }

  /**
   * @param {TestDevice} device
   * @returns {string[]} numbers that it misses of a device that is still there, where neither has forgotten anything
   */
  gapsAt(device) {
    const peers = (this.devices[1 - this.accountOf(device)] ?? []).filter(({ wasRestored }) => !wasRestored);
    const sound = new Set(peers.map(({ deviceId }) => deviceId));
    const numbers = device.stored('chats').flatMap((chat) => chat.numbers ?? []);
    if (device.wasRestored) return [];
    return numbers
      .filter((entry) => sound.has(entry.device))
      .flatMap((entry) =>
        entry.holes.map((/** @type {any} */ { from, to }) => `${entry.device}: ${from}–${to}`),
      );
  }

  /** What was said to be kept by a device that has never lost anything, and what one of its account shows as sent. */
  lasting() {
    const texts = new Set();
    for (const [account, devices] of this.devices.entries())
      for (const device of devices) {
        for (const text of this.shown(device, 'out'))
          if (this.written.get(text)?.account === account && !this.excused.has(text)) texts.add(text);
        if (!device.wasRestored) for (const text of this.kept.get(device) ?? []) texts.add(text);
      }
    return texts;
  }

  /** Whether both ends of every pair of devices would send in the same session. */
  disagreeing() {
    const nowMs = this.time.now();
    const disagreeing = [];
    for (const a of this.all)
      for (const b of this.all) {
        if (a.lane >= b.lane) continue;
        const [ab, ba] = [sessionTo(a, b, nowMs), sessionTo(b, a, nowMs)];
        if (ab !== ba || ab === null) disagreeing.push(`${a.lane} ${b.lane}`);
      }
    return disagreeing;
  }
}

/**
 * @param {TestDevice} from
 * @param {TestDevice} to
 * @param {number} nowMs
 */
function sessionTo(from, to, nowMs) {
  const { accountId, deviceId } = to.keys;
  for (const record of from.stored('sessions')) {
    const peer = decodePeer(record, []);
    if (peer.deviceId === deviceId && String(peer.accountId) === String(accountId))
      return selected(peer, nowMs)?.sid.join() ?? null;
  }
  return null;
}
