/**
 * Sends finished envelopes: per device in order, on the first open path of P, R, S, and on the next one when no
 * transport acknowledged in time (MP2P/1 §6.2, ADR 43). Always the same bytes, so two paths at once are safe.
 *
 * While an item is under way, later ones to the same device take the same path or wait: order is kept as long as
 * each path keeps it.
 *
 * @typedef {import('./item.js').Item} Item
 * @typedef {'P' | 'R' | 'S'} PathName
 * @typedef {object} Live a path that is open or not at this moment
 * @property {(account: Uint8Array, device: number) => boolean} isOpen
 * @property {(item: Item) => boolean} send false: not handed over
 * @property {(account: Uint8Array, device: number) => boolean} [isFull] it is open and takes nothing at the moment:
 *   what is under way fills it, and `resume` says when there is room
 * @property {(account: Uint8Array, device: number) => number} limitMs what an acknowledgement takes at most
 * @property {(account: Uint8Array, device: number) => import('./ack-wait.js').Queue} queue what of the bytes handed to it
 *   has left this device
 * @property {(account: Uint8Array, device: number, waitedMs: number) => void} [suspect] it did not acknowledge in time
 * @typedef {object} Stored the mailbox
 * @property {(item: Item) => boolean} accepts false: the account waits for a later try
 * @property {(item: Item) => void} send
 *
 * @typedef {{ path: PathName, item: Item, lane: string, order: number, wait: AckWait | null }} Attempt `wait`: a request to the
 *   mailbox has a time limit of its own
 */
import { credibleMs } from '../stored-time.js';
import { AckWait } from './ack-wait.js';
import { laneOf } from './outbox.js';

const FAST_PATH_MAX = 500; // unreceipted: more could overtake the mailbox by more than MAX_SKIP (§1.3)
/** @type {PathName[]} */
const ORDER = ['P', 'R', 'S'];

export class Dispatch {
  #outbox;
  #environment;
  #acknowledge;
  /** @type {{ P: Live, R: Live, S: Stored } | null} */
  #paths = null;
  /** @type {Map<number, Attempt>} */
  #attempts = new Map();
  #begun = 0;
  /** @type {Map<number, number>} index into ORDER below which an item's paths have failed */
  #floors = new Map();
  /** @type {Map<string, () => void>} */
  #laneTimers = new Map();
  /** @type {Set<string>} */
  #dirty = new Set();
  #stopped = false;

  /**
   * @param {import('./outbox.js').Outbox} outbox
   * @param {import('../environment.js').Environment} environment
   * @param {(item: Item) => void} acknowledge a transport took these bytes; that is to be committed
   */
  constructor(outbox, environment, acknowledge) {
    this.#outbox = outbox;
    this.#environment = environment;
    this.#acknowledge = acknowledge;
    outbox.onPut((item) => this.#putAgain(item));
    outbox.onRemove((item) => this.#forget(item));
  }

  /** @param {{ P: Live, R: Live, S: Stored }} paths */
  connect(paths) {
    this.#paths = paths;
  }

  /** Everything that waits: after the start, and when a path has come back for many. */
  resumeAll() {
    for (const item of this.#outbox.all())
      if (item.state === 'queued') this.resume(item.account, item.device);
  }

  /**
   * A path to this device opened or closed, or a wait is over.
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  resume(account, device) {
    const lane = laneOf(account, device);
    if (this.#dirty.has(lane) || this.#stopped) return;
    this.#dirty.add(lane);
    // together: items of one commit to several devices share one request
    queueMicrotask(() => {
      this.#dirty.delete(lane);
      if (!this.#stopped) this.#runLane(account, device, lane);
    });
  }

  /**
   * A live path to this device has opened: what failed on it before may take it again, though the mailbox waits.
   *
   * @param {Uint8Array} account
   * @param {number} device
   */
  reopened(account, device) {
    for (const { number } of this.#outbox.to(account, device)) this.#floors.delete(number);
    this.resume(account, device);
  }

  /**
   * @param {Item} item as it was sent
   * @param {PathName} path
   */
  acknowledged(item, path) {
    const attempt = this.#attempts.get(item.number);
    if (attempt?.item.envelope === item.envelope) {
      attempt.wait?.cancel();
      if (attempt.path === path) this.#renewAfter(attempt);
    }
    this.#acknowledge(item);
  }

  /**
   * The path refused or lost it; the next one takes it at once.
   *
   * @param {Item} item as it was sent
   * @param {PathName} path
   */
  failed(item, path) {
    const attempt = this.#attempts.get(item.number);
    if (attempt?.path !== path || attempt.item.envelope !== item.envelope) return;
    attempt.wait?.cancel();
    this.#attempts.delete(item.number);
    // S is the last: when it fails, everything is tried again from the top after its wait
    if (path === 'S') this.#floors.delete(item.number);
    else this.#floors.set(item.number, ORDER.indexOf(path) + 1);
    this.resume(item.account, item.device);
  }

  stop() {
    this.#stopped = true;
    for (const attempt of this.#attempts.values()) attempt.wait?.cancel();
    for (const cancel of this.#laneTimers.values()) cancel();
    this.#attempts.clear();
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   * @param {string} lane
   */
  #runLane(account, device, lane) {
    /** @type {PathName | null} */
    let underWay = null;
    for (const item of this.#outbox.to(account, device)) {
      if (item.state !== 'queued' || !item.envelope) continue;
      const attempt = this.#attempts.get(item.number);
      if (attempt && this.#isAlive(attempt)) {
        underWay = attempt.path;
        continue;
      }
      if (attempt) this.failed(item, attempt.path);
      const nowMs = this.#environment.now();
      const wait = credibleMs(item.notBeforeMs, nowMs) - nowMs;
      if (wait > 0) return this.#wakeLane(account, device, lane, wait);
      const at = this.#firstOpen(item);
      if (at === null || (underWay && underWay !== ORDER[at])) return; // resumes when a path opens, or that ends
      if (this.#isFull(item, at)) return; // resumes when there is room
      if (!this.#start(item, at)) return this.resume(account, device);
      underWay = /** @type {PathName} */ (ORDER[at]);
    }
  }

  /**
   * A path that closed under an item will not acknowledge it: no reason to wait for its time to pass.
   *
   * @param {Attempt} attempt
   */
  #isAlive({ path, item }) {
    return path === 'S' || this.#paths?.[path].isOpen(item.account, item.device);
  }

  /**
   * @param {Item} item
   * @param {number} at
   */
  #isFull(item, at) {
    const path = /** @type {PathName} */ (ORDER[at]);
    return path !== 'S' && (this.#paths?.[path].isFull?.(item.account, item.device) ?? false);
  }

  /**
   * @param {Item} item
   * @returns {number | null} index into ORDER
   */
  #firstOpen(item) {
    const paths = this.#paths;
    if (!paths) return null;
    const crowded = this.#outbox.countTo(item.account, item.device) > FAST_PATH_MAX;
    for (
      let at = crowded ? ORDER.indexOf('S') : (this.#floors.get(item.number) ?? 0);
      at < ORDER.length;
      at++
    ) {
      const path = /** @type {PathName} */ (ORDER[at]);
      if (path === 'S' ? paths.S.accepts(item) : paths[path].isOpen(item.account, item.device)) return at;
    }
    return null;
  }

  /**
   * @param {Item} item
   * @param {number} at
   * @returns {boolean} false: the path would not take it
   */
  #start(item, at) {
    const paths = /** @type {{ P: Live, R: Live, S: Stored }} */ (this.#paths);
    const path = /** @type {PathName} */ (ORDER[at]);
    const lane = laneOf(item.account, item.device);
    const order = ++this.#begun;
    if (path === 'S') {
      this.#attempts.set(item.number, { path, item, lane, order, wait: null });
      paths.S.send(item);
      return true;
    }
    const wait = this.#waitOn(paths[path], path, item);
    this.#attempts.set(item.number, { path, item, lane, order, wait });
    if (paths[path].send(item)) return true;
    this.failed(item, path);
    return false;
  }

  /**
   * @param {Live} live
   * @param {PathName} path
   * @param {Item} item
   */
  #waitOn(live, path, item) {
    const { account, device, envelope } = item;
    const timing = {
      limitMs: () => live.limitMs(account, device),
      queue: () => live.queue(account, device),
    };
    return new AckWait(this.#environment, timing, envelope?.length ?? 0, (waitedMs) => {
      // one that has waited longest on a path that moves says nothing of the others there
      if (waitedMs >= timing.limitMs()) live.suspect?.(account, device, waitedMs);
      this.failed(item, path);
    });
  }

  /**
   * What went after it on its path is not late while envelopes are taken one after the other: on P those to the same
   * device, on R all, for they go by one socket, whose queue in the system nobody sees.
   *
   * @param {Attempt} taken
   */
  #renewAfter({ path, lane, order }) {
    for (const other of this.#attempts.values())
      if (other.path === path && (path === 'R' || other.lane === lane) && other.order > order)
        other.wait?.renew();
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   * @param {string} lane
   * @param {number} wait
   */
  #wakeLane(account, device, lane, wait) {
    if (this.#laneTimers.has(lane)) return;
    const cancel = this.#environment.after(() => {
      this.#laneTimers.delete(lane);
      this.resume(account, device);
    }, wait);
    this.#laneTimers.set(lane, cancel);
  }

  /**
   * New on disk: sealed for the first time, sealed again, or marked sent.
   *
   * @param {Item} item
   */
  #putAgain(item) {
    const attempt = this.#attempts.get(item.number);
    if (item.state === 'sent' || (attempt && attempt.item.envelope !== item.envelope)) this.#forget(item);
    else if (item.envelope) this.resume(item.account, item.device);
  }

  /** @param {Item} item */
  #forget(item) {
    this.#attempts.get(item.number)?.wait?.cancel();
    this.#attempts.delete(item.number);
    this.#floors.delete(item.number);
    this.resume(item.account, item.device);
  }
}
