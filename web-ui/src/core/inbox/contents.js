/**
 * Authenticated contents, checked as MP2P/1 §6.1 *What the receiver checks* and given to who keeps them. What is not
 * allowed from this sender is dropped; the session state has been committed all the same (§7.1).
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../crypto/content.js').Content} Content
 * @typedef {import('./receive.js').Origin} Origin
 */
import { equal } from '../crypto/bytes.js';
import { CTYPE, isReceipted, isSequenced, isSupported } from '../crypto/content.js';

const UNRECEIPTED = 100; // §6.4: any stranger may send a PROFILE

export class Contents {
  #conversation;
  #contacts;
  #messages;
  #receipts;
  #profiles;
  #ownDevices;
  #resend;
  #heard;
  #signal;
  #owed;

  /**
   * @param {{ conversation: (account: Uint8Array) => Uint8Array,
   *   contacts: import('../contact/contacts.js').Contacts, messages: import('./messages.js').Messages,
   *   receipts: import('./receipts.js').Receipts, profiles: import('./profile-claims.js').ProfileClaims,
   *   ownDevices: import('../sync/own-devices.js').OwnDevices, resend: import('../outbox/resend.js').Resend,
   *   heard: import('./receive.js').Heard, owed: import('../outbox/owed-receipts.js').OwedReceipts,
   *   signal: (scratch: Scratch, from: Origin, content: Content) => Promise<void> }} parts
   */
  constructor(parts) {
    this.#conversation = parts.conversation;
    this.#contacts = parts.contacts;
    this.#messages = parts.messages;
    this.#receipts = parts.receipts;
    this.#profiles = parts.profiles;
    this.#ownDevices = parts.ownDevices;
    this.#resend = parts.resend;
    this.#heard = parts.heard;
    this.#signal = parts.signal;
    this.#owed = parts.owed;
  }

  /**
   * @param {Scratch} scratch
   * @param {Origin} from
   * @param {Content} content
   * @param {boolean} weakFs
   */
  async take(scratch, from, content, weakFs) {
    if (!equal(content.convId, this.#conversation(from.account))) return;
    const sender = from.contact ? await this.#noteAlive(scratch, from, content) : from;
    switch (content.ctype) {
      case CTYPE.RECEIPT:
        return this.#receipts.take(scratch, sender, content);
      case CTYPE.RETRY:
        return this.#resend.asked(scratch, sender, content);
      case CTYPE.SIGNAL:
        return sender.contact ? this.#signal(scratch, sender, content) : undefined;
      case CTYPE.NULL:
      case CTYPE.GOSSIP:
      case CTYPE.TYPING:
        return;
      case CTYPE.PROFILE:
        return this.#takeProfile(scratch, sender, content);
      case CTYPE.SYNC:
        return sender.contact ? undefined : this.#takeSync(scratch, sender, content, weakFs);
      default:
        return this.#takeMessage(scratch, sender, content, weakFs);
    }
  }

  /**
   * Anything authenticated in the 1:1 conversation proves that the account has accepted (§6.4).
   *
   * @param {Scratch} scratch
   * @param {Origin} from
   * @param {Content} content
   * @returns {Promise<Origin>}
   */
  async #noteAlive(scratch, from, { senderListVersion }) {
    const contact = /** @type {import('../contact/contact.js').Contact} */ (from.contact);
    const claimed = senderListVersion > Math.max(contact.claimedVersion, contact.listVersion);
    if (senderListVersion > contact.listVersion)
      scratch.afterCommit(() => this.#heard.listClaimed(from.account));
    if (contact.theyAccepted && !claimed) return from;
    const noted = {
      ...contact,
      theyAccepted: true,
      pinDue: contact.pinDue || (contact.state === 'accepted' && !contact.theyAccepted),
      claimedVersion: Math.max(contact.claimedVersion, senderListVersion),
    };
    this.#contacts.put(scratch, noted);
    if (noted.pinDue && !contact.pinDue) await this.#ownDevices.announce(scratch, noted);
    return { ...from, contact: noted };
  }

  /**
   * @param {Scratch} scratch
   * @param {Origin} from
   * @param {Content} content
   * @param {boolean} weakFs
   */
  async #takeMessage(scratch, from, content, weakFs) {
    if (!from.contact) return; // one's own account speaks to itself by SYNC alone
    // without seq and known: a kind that makes no row in this version ({leave}, {want})
    if (isSupported(content.ctype) && !isSequenced(content.ctype, content.body)) return;
    await this.#messages.store(scratch, from, content, weakFs);
  }

  /**
   * @param {Scratch} scratch
   * @param {Origin} from
   * @param {Content} content
   */
  async #takeProfile(scratch, from, content) {
    const { contact } = from;
    if (Boolean(content.body.device) !== (contact === null)) return;
    if (!contact) {
      this.#owed.owe(scratch, from.account, content.convId, content.msgId, 'delivered');
      return;
    }
    const claimed = await this.#profiles.take(scratch, contact, content.body);
    if (claimed.state === 'accepted') {
      this.#owed.owe(scratch, from.account, content.convId, content.msgId, 'delivered');
    } else {
      const owed = [...claimed.unreceipted, { conv: content.convId, msgId: content.msgId }];
      this.#contacts.put(scratch, { ...claimed, unreceipted: owed.slice(-UNRECEIPTED) });
    }
  }

  /**
   * @param {Scratch} scratch
   * @param {Origin} from
   * @param {Content} content
   * @param {boolean} weakFs
   */
  async #takeSync(scratch, from, content, weakFs) {
    await this.#ownDevices.take(scratch, from.device, content, weakFs);
    if (isReceipted(content.ctype))
      this.#owed.owe(scratch, from.account, content.convId, content.msgId, 'delivered');
  }
}
