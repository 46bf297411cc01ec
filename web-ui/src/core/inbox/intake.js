/**
 * Brings envelopes into the queue: pages of the mailbox as they are, frames of P and R gathered while a unit of work
 * runs. Up to 50 share one scratch copy and one commit (MP2P/1 §11.1 item 5); only then are they acknowledged.
 *
 * @typedef {{ envelope: Uint8Array, acknowledge: () => void }} Live an envelope that came by P or R
 */
import { StorageError } from '../db/storage-error.js';
import { StoppedError } from '../transactions.js';

const BATCH = 50;
const WAITING = 256; // §6.2 *Overtaking*
/** More than a commit or two can take: the sender of one that is dropped here goes its next path. */
const ARRIVED = 1024;
const ARRIVED_BYTES = 8_388_608;
const HELD_MS = 650; // well below ACK_WAIT_LEAST: a sender that waited in vain would fill the mailbox, and hint again

export class Intake {
  #transactions;
  #receiver;
  #environment;
  #onFault;
  /** @type {Live[]} */
  #arrived = [];
  #arrivedBytes = 0;
  /** @type {Live[]} out of step until the mailbox is drained */
  #waiting = [];
  #pumping = false;
  #drained = false;
  /** @type {(() => void) | null} set: what is live waits for the mailbox, which holds what was sent before */
  #cancelHold = null;

  /**
   * @param {import('../transactions.js').Transactions} transactions
   * @param {import('./receive.js').Receiver} receiver
   * @param {import('../environment.js').Environment} environment
   * @param {(error: unknown) => void} onFault
   */
  constructor(transactions, receiver, environment, onFault) {
    this.#transactions = transactions;
    this.#receiver = receiver;
    this.#environment = environment;
    this.#onFault = onFault;
  }

  /**
   * A connection began, or the server said that there is mail: what comes by P or R was sent later than what lies
   * there. It waits a moment, which further hints do not prolong, and what is out of step waits for `drained` (§6.2
   * *Overtaking*).
   */
  expectMail() {
    this.#drained = false;
    this.#cancelHold ??= this.#environment.after(() => this.#release(), HELD_MS);
  }

  stop() {
    this.#cancelHold?.();
  }

  /** The mailbox answered `drained`: what still does not open is a failure now (§7). */
  mailboxDrained() {
    this.#drained = true;
    this.#takeUpWaiting();
    this.#release();
  }

  #release() {
    this.#cancelHold?.();
    this.#cancelHold = null;
    this.#pump();
  }

  /**
   * @param {Uint8Array} envelope
   * @param {() => void} acknowledge called once it is on disk
   */
  takeLive(envelope, acknowledge) {
    const hasRoom = this.#arrived.length < ARRIVED && this.#arrivedBytes + envelope.length <= ARRIVED_BYTES;
    if (!hasRoom) return void this.#pump(); // unacknowledged: nothing is lost, and nobody fills this worker
    this.#arrived.push({ envelope, acknowledge });
    this.#arrivedBytes += envelope.length;
    this.#pump();
  }

  /**
   * A page of the mailbox. If the storage refuses it, half of it is tried (§11.1 item 5).
   *
   * @param {Uint8Array[]} envelopes
   * @returns {Promise<boolean[]>} which of them are on disk
   */
  async takeBatch(envelopes) {
    for (let count = envelopes.length; count > 0; count = Math.floor(count / 2)) {
      try {
        return await this.#transactions.run(async (scratch) => {
          const verdicts = await this.#receiveAll(scratch, envelopes.slice(0, count), false);
          return verdicts.map((verdict) => verdict === 'acknowledge');
        });
      } catch (error) {
        if (error instanceof StoppedError || count === 1 || !isFull(error)) {
          this.#report(error);
          return [];
        }
      }
    }
    return [];
  }

  /** Ahead of what came later. */
  #takeUpWaiting() {
    const waiting = this.#waiting.splice(0);
    this.#arrived.unshift(...waiting);
    this.#arrivedBytes += bytesOf(waiting);
  }

  async #pump() {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#arrived.length > 0 && !this.#cancelHold) {
        const batch = this.#arrived.splice(0, BATCH);
        this.#arrivedBytes -= bytesOf(batch);
        const verdicts = await this.#transactions.run((scratch) =>
          this.#receiveAll(
            scratch,
            batch.map(({ envelope }) => envelope),
            !this.#drained,
          ),
        );
        batch.forEach((live, i) => {
          if (verdicts[i] === 'acknowledge') live.acknowledge();
          else if (verdicts[i] === 'wait' && this.#waiting.length < WAITING) this.#waiting.push(live);
        });
        if (this.#drained) this.#takeUpWaiting();
      }
    } catch (error) {
      // nothing is kept and nothing acknowledged: the senders use their next path
      this.#report(error);
    } finally {
      this.#pumping = false;
    }
  }

  /**
   * @param {import('../scratch.js').Scratch} scratch
   * @param {Uint8Array[]} envelopes
   * @param {boolean} mayWait
   */
  async #receiveAll(scratch, envelopes, mayWait) {
    await this.#receiver.prepare(scratch, envelopes);
    const verdicts = [];
    for (const envelope of envelopes) verdicts.push(await this.#receive(scratch, envelope, mayWait));
    return verdicts;
  }

  /**
   * On a fork, so that an envelope counts whole or not at all. One that finds a defect of ours stays where it is:
   * it is neither acknowledged nor in the way of the others.
   *
   * @param {import('../scratch.js').Scratch} scratch
   * @param {Uint8Array} envelope
   * @param {boolean} mayWait
   * @returns {Promise<import('./receive.js').Verdict | 'defect'>}
   */
  async #receive(scratch, envelope, mayWait) {
    const fork = scratch.fork();
    try {
      const verdict = await this.#receiver.receive(fork, envelope, mayWait);
      scratch.adopt(fork);
      return verdict;
    } catch (error) {
      if (error instanceof StorageError) throw error;
      this.#report(error);
      return 'defect';
    }
  }

  /** @param {unknown} error */
  #report(error) {
    if (!(error instanceof StoppedError)) this.#onFault(error);
  }
}

/** @param {Live[]} live */
const bytesOf = (live) => live.reduce((sum, { envelope }) => sum + envelope.length, 0);

/** @param {unknown} error */
const isFull = (error) => error instanceof StorageError && error.code === 'storage-full';
