/**
 * SYNC (MP2P/1 §6.1): what one's other devices must know. Goes as separate items to them alone, each later than
 * the peer's copy (§6.3).
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../outbox/item.js').Content} Content
 */

import { pinOf } from '../contact/contact.js';
import { toBase64url } from '../crypto/bytes.js';
import { CTYPE } from '../crypto/content.js';

const IDS_PER_READ = 200; // §6.1

export class OwnSync {
  #account;
  #fanOut;
  #conversation;

  /**
   * @param {import('../engine-contract.js').Account} account
   * @param {import('../outbox/fan-out.js').FanOut} fanOut
   * @param {(account: Uint8Array) => Uint8Array} conversation
   */
  constructor(account, fanOut, conversation) {
    this.#account = account;
    this.#fanOut = fanOut;
    this.#conversation = conversation;
  }

  /**
   * A message written here.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} peer
   * @param {Content} content
   */
  sent(scratch, peer, content) {
    return this.#toOwn(scratch, sentBody(peer, content));
  }

  /**
   * The same for a device that was not known when it was written.
   *
   * @param {Scratch} scratch
   * @param {number} device
   * @param {Uint8Array} peer
   * @param {Content} content
   */
  async sentBefore(scratch, device, peer, content) {
    await this.#fanOut.toDevice(
      scratch,
      this.#account.accountId,
      device,
      this.#sync(sentBody(peer, content)),
    );
  }

  /**
   * Messages read here.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} conv
   * @param {Uint8Array[]} msgIds
   */
  async read(scratch, conv, msgIds) {
    for (let at = 0; at < msgIds.length; at += IDS_PER_READ) {
      const ids = msgIds.slice(at, at + IDS_PER_READ).map(toBase64url);
      await this.#toOwn(scratch, { kind: 'read', conv: toBase64url(conv), msg_ids: ids });
    }
  }

  /**
   * A pin changed here.
   *
   * @param {Scratch} scratch
   * @param {import('../contact/contact.js').Contact} contact
   */
  contact(scratch, contact) {
    return this.#toOwn(scratch, { kind: 'contact', pin: pinOf(contact) });
  }

  /**
   * The vault or the own device list changed here.
   *
   * @param {Scratch} scratch
   */
  state(scratch) {
    const { vault, listVersion } = this.#account;
    return this.#toOwn(scratch, {
      kind: 'state',
      vault_version: vault.version,
      vrk_gen: vault.vrkGen,
      list_version: listVersion,
      bk_gen: Math.max(1, ...vault.items.backup_keys.map((key) => key.gen)),
      man_no: 0, // no archive is written yet
    });
  }

  /**
   * @param {Scratch} scratch
   * @param {{ [key: string]: any }} body
   */
  async #toOwn(scratch, body) {
    await this.#fanOut.toAccount(scratch, this.#account.accountId, this.#sync(body));
  }

  /** @param {{ [key: string]: any }} body */
  #sync(body) {
    return this.#fanOut.content(CTYPE.SYNC, this.#conversation(this.#account.accountId), body);
  }
}

/**
 * @param {Uint8Array} peer
 * @param {Content} content
 */
const sentBody = (peer, { msgId, convId, sentMs, seq, ctype, body }) => ({
  kind: 'sent',
  msg_id: toBase64url(msgId),
  conv: toBase64url(convId),
  peer: toBase64url(peer),
  sent_ms: sentMs,
  seq,
  ctype,
  body,
});
