/**
 * Collects what waits in the mailbox (MP2P/1 §6.2, §20 point 7): take, commit, acknowledge, ask again without a
 * cursor until drained. Asked on connect, on a hint, and every 30 s ± 10 s; 5 s growing to 60 s without a socket.
 *
 * @typedef {object} Intake
 * @property {(envelopes: Uint8Array[]) => Promise<boolean[]>} takeBatch which of them are on disk
 */
import { isForTheMoment, retryAfterMs } from '../api/retry-after.js';

const BATCH = 50;
const OPEN_POLL_MS = 20_000;
const OPEN_POLL_SPREAD_MS = 20_000;
const CLOSED_POLL_FIRST_MS = 5000;
const CLOSED_POLL_MAX_MS = 60_000;

export class Mailbox {
  #api;
  #intake;
  #environment;
  #events;
  #running = false;
  #again = false;
  #socketOpen = false;
  #closedPolls = 0;
  #networkDown = false;
  /** How long the server has asked to be left alone; 0: it has not. */
  #refusedMs = 0;
  #refusals = 0;
  #stopped = false;
  /** @type {(() => void) | null} */
  #cancelTimer = null;

  /**
   * @param {import('../engine-contract.js').EngineContext['api']} api
   * @param {Intake} intake
   * @param {import('../environment.js').Environment} environment
   * @param {{ onDrained: () => void, onReached: () => void, onExpired: (total: number) => void,
   *   onServed: () => void, onRefused: (nextTryMs: number) => void }} events `onServed`: nothing was refused
   */
  constructor(api, intake, environment, events) {
    this.#api = api;
    this.#intake = intake;
    this.#environment = environment;
    this.#events = events;
  }

  /** Something may be waiting. */
  collect() {
    this.#closedPolls = 0;
    if (this.#refusedMs === 0) this.#run(); // else it has said when, and is asked then
  }

  /** The user, or another network, does not wait. */
  collectNow() {
    this.#refusedMs = 0;
    this.collect();
  }

  /** @param {boolean} open */
  socketIs(open) {
    this.#socketOpen = open;
    this.#closedPolls = 0;
    if (!this.#running) this.#schedule();
  }

  /** @param {boolean} online */
  network(online) {
    this.#networkDown = !online;
    if (online) this.collectNow();
    else this.#cancelTimer?.();
  }

  stop() {
    this.#stopped = true;
    this.#cancelTimer?.();
  }

  async #run() {
    if (this.#stopped) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    this.#cancelTimer?.();
    try {
      do {
        this.#again = false;
        await this.#drain();
      } while (this.#again && !this.#stopped);
      this.#refusals = 0;
      this.#events.onServed();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#running = false;
      this.#schedule();
    }
  }

  /**
   * The next poll asks again; a refused device is settled by the account.
   *
   * @param {unknown} error
   */
  #failed(error) {
    if (!isForTheMoment(error)) return;
    this.#refusedMs = retryAfterMs(error);
    this.#refusals += 1;
  }

  async #drain() {
    /** @type {string | undefined} past what cannot be acknowledged now */
    let after;
    for (;;) {
      const page = await this.#api.collect(after, BATCH);
      this.#events.onReached();
      this.#events.onExpired(page.expired);
      const onDisk = await this.#intake.takeBatch(page.items.map((item) => item.envelope));
      if (this.#stopped) return;
      const ids = page.items.filter((_, i) => onDisk[i]).map((item) => item.id);
      if (ids.length > 0) await this.#api.ack(ids);
      if (onDisk.length < page.items.length) return; // storage is full: nothing more can be kept now
      if (page.drained || page.items.length === 0) return this.#events.onDrained();
      if (ids.length < page.items.length) after = page.next ?? undefined;
    }
  }

  #schedule() {
    this.#cancelTimer?.();
    if (this.#stopped || this.#networkDown) return;
    const wait = Math.max(this.#refusedMs, this.#nextPoll());
    this.#cancelTimer = this.#environment.after(() => {
      this.#refusedMs = 0;
      this.#run();
    }, wait);
    // one refusal that names no time is a moment's matter
    if (this.#refusedMs > 0 || this.#refusals > 1) this.#events.onRefused(this.#environment.now() + wait);
  }

  #nextPoll() {
    if (this.#socketOpen) return OPEN_POLL_MS + this.#environment.chance() * OPEN_POLL_SPREAD_MS;
    const wait = Math.min(CLOSED_POLL_MAX_MS, CLOSED_POLL_FIRST_MS * 2 ** this.#closedPolls);
    this.#closedPolls += 1;
    return wait;
  }
}
