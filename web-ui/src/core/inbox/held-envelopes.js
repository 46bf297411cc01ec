/**
 * Envelopes that wait for a device list (MP2P/1 §7 *Hold*): seen and acknowledged, kept as they came, and opened again
 * whenever something may have changed: another list of the account, a warning that has ended, a start. One that still
 * does not open stays, and holds up none of the others. Nothing has authenticated whom they are from, so where there is
 * no more room the device that claims the most of it makes room.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {{ row: 'identity', account: Uint8Array, device: number, id: Uint8Array, envelope: Uint8Array,
 *   code: string, atMs: number }} HeldEnvelope
 */
import { hasOtherList } from '../contact/contact.js';
import { toHex } from '../crypto/bytes.js';
import { StorageError } from '../db/storage-error.js';

const HELD_PER_ACCOUNT = 500; // §7
const PAGE = 50; // as RECEIVE_BATCH: in one commit

export class HeldEnvelopes {
  #lists;
  #transactions;
  #environment;
  #open;
  #onOwnFork;
  #onFault;
  /** @type {Map<string, number[]>} by account the devices for which something is held, as committed */
  #devices = new Map();

  /**
   * @param {{ contacts: import('../contact/contacts.js').Contacts, lists: import('../contact/lists.js').Lists,
   *   transactions: import('../transactions.js').Transactions, environment: import('../environment.js').Environment
   *   }} parts
   * @param {object} effects
   * @param {(scratch: Scratch, envelope: Uint8Array) => Promise<boolean>} effects.open false: it still has to wait
   * @param {() => void} effects.onOwnFork something is held for the own account: its key has signed another list
   * @param {(error: unknown) => void} effects.onFault
   */
  constructor({ contacts, lists, transactions, environment }, { open, onOwnFork, onFault }) {
    this.#lists = lists;
    this.#transactions = transactions;
    this.#environment = environment;
    this.#open = open;
    this.#onOwnFork = onOwnFork;
    this.#onFault = onFault;
    contacts.onChange((contact, before) => {
      const freed = before?.identityWarning && !contact.identityWarning;
      if (freed || hasOtherList(contact, before)) this.retry(contact.accountId);
    });
  }

  /** @param {import('../engine-contract.js').Database} database */
  async load(database) {
    /** @type {import('../engine-contract.js').Row<HeldEnvelope>[]} */
    const rows = await database.list('held', []);
    /** @type {Map<string, Uint8Array>} */
    const accounts = new Map();
    for (const { value } of rows) {
      if (value.row !== 'identity') continue;
      const id = toHex(value.account);
      accounts.set(id, value.account);
      this.#devices.set(id, withDevice(this.#devices.get(id) ?? [], value.device));
    }
    for (const account of accounts.values()) if (this.#lists.isOwn(account)) this.#onOwnFork();
    // a crash may have come between the change and the opening
    for (const account of accounts.values()) this.retry(account);
  }

  /**
   * @param {Scratch} scratch
   * @param {{ account: Uint8Array, device: number }} from whom it claims to be from
   * @param {string} code
   * @param {{ id: Uint8Array, envelope: Uint8Array }} what
   */
  async hold(scratch, { account, device }, code, { id, envelope }) {
    const devices = withDevice(this.#devicesOf(scratch, account), device);
    const shares = await sharesOf(scratch, account, devices);
    const held = shares.flatMap(({ numbers }) => numbers);
    if (held.length >= HELD_PER_ACCOUNT) {
      const { device: largest, numbers } = largestShare(shares, device);
      scratch.delete('held', [...heldNames(account, largest), ...numbers.slice(0, 1)]);
    }
    /** @type {HeldEnvelope} */
    const row = { row: 'identity', account, device, id, envelope, code, atMs: this.#environment.now() };
    scratch.put('held', [...heldNames(account, device), Math.max(0, ...held) + 1], row);
    this.#putDevices(scratch, account, devices);
    if (this.#lists.isOwn(account)) scratch.afterCommit(() => this.#onOwnFork());
  }

  /** @param {Uint8Array} account of which another list is known, or which is trusted again */
  async retry(account) {
    if (!this.#devices.has(toHex(account))) return;
    let after = 0;
    let last = Number.POSITIVE_INFINITY; // what is held from now on has been opened with the list of now
    while (after < last) {
      const isOnDisk = await this.#transactions.runAlone(async (scratch) => {
        const waiting = await this.#numbered(scratch, account);
        last = Math.min(last, waiting.at(-1)?.number ?? 0);
        const page = waiting.filter(({ number }) => number > after && number <= last).slice(0, PAGE);
        await this.#openPage(scratch, account, page);
        after = page.at(-1)?.number ?? last;
      });
      if (!isOnDisk) return; // opened at the next start
    }
  }

  /**
   * What waits, oldest first.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   */
  async #numbered(scratch, account) {
    const shares = await sharesOf(scratch, account, this.#devicesOf(scratch, account));
    const all = shares.flatMap(({ device, numbers }) => numbers.map((number) => ({ device, number })));
    return all.sort((a, b) => a.number - b.number);
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {{ device: number, number: number }[]} page
   */
  async #openPage(scratch, account, page) {
    for (const { device, number } of page) {
      const key = [...heldNames(account, device), number];
      /** @type {HeldEnvelope} */
      const row = await scratch.get('held', key);
      const fork = scratch.fork();
      if (!(await this.#opens(fork, row.envelope))) continue;
      fork.delete('held', key);
      scratch.adopt(fork);
    }
    const shares = await sharesOf(scratch, account, this.#devicesOf(scratch, account));
    const left = shares.filter(({ numbers }) => numbers.length > 0);
    this.#putDevices(
      scratch,
      account,
      left.map(({ device }) => device),
    );
  }

  /**
   * As this unit of work sees it.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @returns {number[]}
   */
  #devicesOf(scratch, account) {
    return scratch.recall(memoOf(account)) ?? this.#devices.get(toHex(account)) ?? [];
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number[]} devices
   */
  #putDevices(scratch, account, devices) {
    scratch.remember(memoOf(account), devices);
    scratch.afterCommit(() => {
      if (devices.length > 0) this.#devices.set(toHex(account), devices);
      else this.#devices.delete(toHex(account));
    });
  }

  /**
   * @param {Scratch} fork
   * @param {Uint8Array} envelope
   */
  async #opens(fork, envelope) {
    try {
      return await this.#open(fork, envelope);
    } catch (error) {
      if (error instanceof StorageError) throw error;
      this.#onFault(error); // a defect of ours: it waits, the others do not
      return false;
    }
  }
}

/**
 * Names of the rows in store `held`.
 *
 * @param {Uint8Array} account
 * @param {number} device
 */
export const heldNames = (account, device) => ['identity', account, String(device)];

/** @param {Uint8Array} account */
const memoOf = (account) => `held/${toHex(account)}`;

/**
 * @param {number[]} devices
 * @param {number} device
 */
const withDevice = (devices, device) => (devices.includes(device) ? devices : [...devices, device]);

/**
 * What is held by device, by the numbers of its rows, which count through the account.
 *
 * @param {Scratch} scratch
 * @param {Uint8Array} account
 * @param {number[]} devices
 */
async function sharesOf(scratch, account, devices) {
  /** @type {{ device: number, numbers: number[] }[]} */
  const shares = [];
  for (const device of devices) {
    const counters = await scratch.counters('held', heldNames(account, device));
    shares.push({ device, numbers: counters.flat() });
  }
  return shares;
}

/**
 * @param {{ device: number, numbers: number[] }[]} shares
 * @param {number} next device of which one more is to come
 */
function largestShare(shares, next) {
  const size = (/** @type {{ device: number, numbers: number[] }} */ { device, numbers }) =>
    numbers.length + (device === next ? 1 : 0);
  return shares
    .filter(({ numbers }) => numbers.length > 0)
    .reduce((largest, share) => (size(share) > size(largest) ? share : largest));
}
