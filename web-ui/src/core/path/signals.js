/**
 * SIGNAL contents in and out (MP2P/1 §6.1): inside the ratchet, by R alone, kept nowhere. Whatever is not taken is
 * lost, and the call times out.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 */
import { bothAccepted } from '../contact/contact.js';
import { CTYPE } from '../crypto/content.js';
import { randomBytes } from '../crypto/random.js';

const FRESH_MS = 86_400_000; // a server that held an offer back for longer replays it in vain

export class Signals {
  #contacts;
  #relay;
  #sealing;
  #transactions;
  #conversation;
  #environment;

  /**
   * @param {{ contacts: import('../contact/contacts.js').Contacts, relay: import('./relay.js').Relay,
   *   sealing: import('../outbox/sealing.js').Sealing, transactions: import('../transactions.js').Transactions,
   *   conversation: (account: Uint8Array) => Uint8Array, environment: import('../environment.js').Environment }} parts
   */
  constructor({ contacts, relay, sealing, transactions, conversation, environment }) {
    this.#contacts = contacts;
    this.#relay = relay;
    this.#sealing = sealing;
    this.#transactions = transactions;
    this.#conversation = conversation;
    this.#environment = environment;
  }

  /**
   * Whether the device would get a SIGNAL now. Without a session it is lost.
   *
   * @param {Uint8Array} account
   * @param {number} device
   * @returns {Promise<boolean | null>} null: that could not be read; never rejects
   */
  async canSend(account, device) {
    let can = false;
    const isRead = await this.#transactions.runAlone(async (scratch) => {
      can = await this.#sealing.hasSession(scratch, account, device);
    });
    return isRead ? can : null;
  }

  /**
   * @param {Uint8Array} account
   * @param {number} device
   * @param {{ [key: string]: any }} body
   * @param {() => boolean} isWanted asked again when it is on disk
   */
  async send(account, device, body, isWanted) {
    // what does not come to disk must not leave; the call times out
    await this.#transactions.runAlone(async (scratch) => {
      if (!isWanted()) return;
      if (!bothAccepted(this.#contacts.get(account)) || !this.#relay.reaches(account, device)) return;
      const envelope = await this.#sealing.ephemeral(scratch, account, device, {
        ctype: CTYPE.SIGNAL,
        msgId: randomBytes(16),
        convId: this.#conversation(account),
        sentMs: this.#environment.now(),
        seq: 0,
        body,
      });
      if (!envelope) return;
      scratch.afterCommit(() => {
        if (isWanted()) this.#relay.sendEphemeral(account, device, envelope);
      });
    });
  }

  /**
   * @param {Scratch} scratch
   * @param {import('../inbox/receive.js').Origin} from
   * @param {import('../crypto/content.js').Content} content
   * @param {(account: Uint8Array, device: number, body: any, isNew: boolean) => void} deliver once it is on disk
   */
  async take(scratch, { account, device, contact }, { body, sentMs }, deliver) {
    if (!contact || !bothAccepted(contact)) return;
    const nowMs = this.#environment.now();
    if (Math.abs(nowMs - sentMs) > FRESH_MS) return;
    const key = ['call', account, String(device), body.call];
    const isNew = body.kind === 'offer' && !(await scratch.get('seen', key));
    if (isNew) scratch.put('seen', key, { row: 'call', account, device, call: body.call, atMs: nowMs });
    scratch.afterCommit(() => deliver(account, device, body, isNew));
  }
}
