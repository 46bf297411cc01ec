/**
 * What one device is still owed: a content, sealed once, on its way by whatever path is open (MP2P/1 §6.2).
 *
 * `queued` until a transport acknowledged it, then `sent` until the device's encrypted receipt clears it. Contents
 * that nobody receipts leave at the transport acknowledgement.
 *
 * @typedef {object} Content without what changes at each sealing (sender_list_version)
 * @property {number} ctype
 * @property {Uint8Array} msgId
 * @property {Uint8Array} convId
 * @property {number} sentMs
 * @property {number} seq
 * @property {{ [key: string]: any }} body
 *
 * @typedef {object} Transmission the chain an envelope of this item went out on (§5.3)
 * @property {Uint8Array} sid
 * @property {Uint8Array} dhPub
 *
 * @typedef {object} Item
 * @property {number} number place in the outbox: items to one device go in this order
 * @property {Uint8Array} account recipient
 * @property {number} device
 * @property {Uint8Array} msgId
 * @property {Uint8Array} convId
 * @property {Content | null} content null: the message row holds it
 * @property {number} sender device that wrote the row (`of`, §2); own device id otherwise
 * @property {boolean} receipted
 * @property {boolean} newSession must open a new session (RETRY, §7.3)
 * @property {'queued' | 'sent'} state
 * @property {Uint8Array | null} envelope finished bytes; every try sends these. null: no session yet
 * @property {Uint8Array | null} envelopeId
 * @property {Transmission | null} transmission of the newest sealing
 * @property {boolean} manyChains was sealed on more than one chain, so a receipt proves none (§5.3)
 * @property {number} queuedMs
 * @property {number} notBeforeMs own devices: apart from the request to the peer (§6.3)
 * @property {number} sentMs when a transport acknowledged the newest sealing
 * @property {number} aheadMs when its age was first found to be that of a clock that stood ahead; 0: it is not
 * @property {number} overdueMs when it was first found to have outlived its time (§6.2); 0: it has not
 * @property {number} tries retransmissions so far (§6.2 RETRANSMIT)
 * @property {boolean} mailboxFull
 */
import { isReceipted } from '../crypto/content.js';

/**
 * @param {{ number: number, account: Uint8Array, device: number, content: Content, inRow: boolean, sender: number,
 *   nowMs: number, notBeforeMs?: number, newSession?: boolean }} what
 * @returns {Item}
 */
export function newItem({
  number,
  account,
  device,
  content,
  inRow,
  sender,
  nowMs,
  notBeforeMs = 0,
  newSession,
}) {
  return {
    number,
    account,
    device,
    msgId: content.msgId,
    convId: content.convId,
    content: inRow ? null : content,
    sender,
    receipted: isReceipted(content.ctype),
    newSession: newSession ?? false,
    state: 'queued',
    envelope: null,
    envelopeId: null,
    transmission: null,
    manyChains: false,
    queuedMs: nowMs,
    notBeforeMs,
    sentMs: 0,
    aheadMs: 0,
    overdueMs: 0,
    tries: 0,
    mailboxFull: false,
  };
}
