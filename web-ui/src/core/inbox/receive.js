/**
 * One envelope on a scratch copy: seen → open → session table → content (MP2P/1 §6.2 *Receiving*). Says what to tell
 * the transport once everything is on disk.
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('../contact/contact.js').Contact} Contact
 * @typedef {import('../crypto/envelope.js').Inner} Inner
 * @typedef {import('../session/session-table.js').Received} Received
 * @typedef {import('../session/session-table.js').Refused} Refused
 *
 * @typedef {object} Origin who the authenticated sender is
 * @property {Uint8Array} account
 * @property {number} device
 * @property {Contact | null} contact null: the own account
 *
 * @typedef {'acknowledge' | 'wait'} Verdict wait: keep it unacknowledged and try again after the drain
 */
import { prekeyKey } from '../account/prekey-rows.js';
import { deviceAhead, noteAhead } from '../contact/devices-ahead.js';
import { equal } from '../crypto/bytes.js';
import { decodeContent } from '../crypto/content.js';
import { deviceOf } from '../crypto/device-list.js';
import { decodePrekeyBody, envelopeId, KIND, openEnvelope } from '../crypto/envelope.js';
import { ProtocolError } from '../crypto/errors.js';
import { PREKEY } from '../crypto/prekey.js';
import { receive, selected } from '../session/session-table.js';
import { loadPeer, putPeer } from '../session-rows.js';
import { loadOwnRow, putOwnRow } from '../sync/own-row.js';

export class Receiver {
  #account;
  #contacts;
  #lists;
  #sealing;
  #replay;
  #failures;
  #contents;
  #listChanges;
  #heardDevices;
  #heard;
  #environment;

  /**
   * @param {{ account: import('../engine-contract.js').Account, contacts: import('../contact/contacts.js').Contacts,
   *   lists: import('../contact/lists.js').Lists, sealing: import('../outbox/sealing.js').Sealing,
   *   replay: import('./replay-cache.js').ReplayCache, failures: import('./failures.js').Failures,
   *   contents: import('./contents.js').Contents, listChanges: import('../sync/list-changes.js').ListChanges,
   *   heardDevices: import('../outbox/heard-devices.js').HeardDevices, heard: Heard, environment: import('../environment.js').Environment }} parts
   *
   * @typedef {object} Heard what follows once an authenticated envelope is on disk
   * @property {(account: Uint8Array, device: number) => void} from
   * @property {(account: Uint8Array, device: number) => void} sessionBegan there was none with it
   * @property {(account: Uint8Array) => void} listClaimed somebody spoke of a list that is not here
   * @property {(exhaustedSpk: number | null) => void} prekeysUsed one-time keys were consumed, or an unknown one was
   *   named; exhaustedSpk: signed prekey whose replay cache is full
   */
  constructor(parts) {
    this.#account = parts.account;
    this.#contacts = parts.contacts;
    this.#lists = parts.lists;
    this.#sealing = parts.sealing;
    this.#replay = parts.replay;
    this.#failures = parts.failures;
    this.#contents = parts.contents;
    this.#listChanges = parts.listChanges;
    this.#heardDevices = parts.heardDevices;
    this.#heard = parts.heard;
    this.#environment = parts.environment;
  }

  /**
   * Reads at once which of these were seen before.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array[]} envelopes
   */
  prepare(scratch, envelopes) {
    return scratch.prefetch(
      'seen',
      envelopes.map((envelope) => ['envelope', envelopeId(envelope)]),
    );
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} envelope
   * @param {boolean} mayWait it came by P or R and the mailbox is not drained yet (§6.2 *Overtaking*)
   * @returns {Promise<Verdict>}
   */
  async receive(scratch, envelope, mayWait) {
    const id = envelopeId(envelope);
    if (await scratch.get('seen', ['envelope', id])) return 'acknowledge';
    const verdict = await this.#take(scratch, envelope, id, (refused) => mayWait && refused.mayHeal);
    return verdict === 'stays' ? 'wait' : verdict;
  }

  /**
   * An envelope that waits in `held`, once more.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} envelope
   * @returns {Promise<boolean>} false: it has to wait on; nothing was written
   */
  async receiveHeld(scratch, envelope) {
    const verdict = await this.#take(
      scratch,
      envelope,
      envelopeId(envelope),
      ({ action }) => action === 'hold',
    );
    return verdict === 'acknowledge';
  }

  /**
   * @param {Scratch} scratch
   * @param {Uint8Array} envelope
   * @param {Uint8Array} id
   * @param {(refused: Refused) => boolean} stays whether it is left as it is
   * @returns {Promise<'acknowledge' | 'stays'>}
   */
  async #take(scratch, envelope, id, stays) {
    const seen = () =>
      scratch.put('seen', ['envelope', id], { row: 'envelope', id, atMs: this.#environment.now() });
    const inner = this.#open(envelope);
    if (!inner || this.#isThisDevice(inner)) {
      seen();
      return 'acknowledge';
    }
    const account = inner.senderAccountId;
    const contact = this.#lists.isOwn(account)
      ? null
      : await this.#contacts.read(scratch, account, this.#environment.now());
    const peer = await loadPeer(scratch, account, inner.senderDeviceId);
    const result = receive(
      peer,
      {
        sender: { accountId: account, deviceId: inner.senderDeviceId },
        kind: inner.kind,
        body: inner.body,
      },
      await this.#context(scratch, inner, contact),
      this.#environment.now(),
    );
    if (!result.ok) {
      if (stays(result)) return 'stays';
      seen();
      if (result.code === 'E_UNKNOWN_PREKEY' || result.exhaustedSpk !== null)
        scratch.afterCommit(() => this.#heard.prekeysUsed(result.exhaustedSpk));
      if (result.code === 'UNPROVEN') scratch.afterCommit(() => this.#heard.listClaimed(account));
      await this.#failures.note(scratch, { account, device: inner.senderDeviceId, contact }, result, {
        id,
        envelope,
      });
      return 'acknowledge';
    }
    seen();
    putPeer(scratch, peer, result.peer);
    if (!selected(peer, this.#environment.now()))
      scratch.afterCommit(() => this.#heard.sessionBegan(account, inner.senderDeviceId));
    this.#eraseKeys(scratch, result);
    await this.#accept(scratch, inner, contact, result);
    return 'acknowledge';
  }

  /**
   * @param {Uint8Array} envelope
   * @returns {Inner | null} null: not for this device, or not an envelope
   */
  #open(envelope) {
    const { accountId, deviceId, dhk } = this.#account;
    try {
      return openEnvelope({ accountId, deviceId, dhk: dhk.publicKey, dhkSecret: dhk.secretKey }, envelope);
    } catch (error) {
      if (error instanceof ProtocolError) return null;
      throw error;
    }
  }

  /** @param {Inner} inner */
  #isThisDevice({ senderAccountId, senderDeviceId }) {
    return senderDeviceId === this.#account.deviceId && equal(senderAccountId, this.#account.accountId);
  }

  /**
   * @param {Scratch} scratch
   * @param {Inner} inner
   * @param {Contact | null} contact
   * @returns {Promise<import('../session/session-table.js').Context>}
   */
  async #context(scratch, inner, contact) {
    const { accountId, aik, deviceId, dsk, dhk, deviceList } = this.#account;
    const prekeys = inner.kind === KIND.PREKEY ? await loadNamedPrekeys(scratch, inner.body) : new Map();
    return {
      self: { accountId, aik, deviceId, dsk: dsk.publicKey, dhk: dhk.publicKey },
      dhkSecret: dhk.secretKey,
      prekey: (kind, keyId) => prekeys.get(`${kind}/${keyId}`),
      replay: this.#replay.view(scratch),
      knownList: contact ? this.#lists.ofContact(contact) : deviceList,
      pin: contact && pinned(contact),
      blocked: contact?.state === 'blocked',
    };
  }

  /**
   * One-time keys go in the transaction that commits the first message they opened (§3).
   *
   * @param {Scratch} scratch
   * @param {Received} result
   */
  #eraseKeys(scratch, { consumed, replay, exhaustedSpk }) {
    for (const { kind, keyId } of consumed) scratch.delete('prekeys', prekeyKey(kind, keyId));
    if (replay) this.#replay.add(scratch, replay);
    if (consumed.length > 0 || exhaustedSpk !== null)
      scratch.afterCommit(() => this.#heard.prekeysUsed(exhaustedSpk));
  }

  /**
   * @param {Scratch} scratch
   * @param {Inner} inner
   * @param {Contact | null} contact
   * @param {Received} result
   */
  async #accept(scratch, { senderAccountId: account, senderDeviceId: device }, contact, result) {
    scratch.afterCommit(() => this.#heard.from(account, device));
    await this.#heardDevices.note(scratch, account, device);
    const known = contact && (await this.#noteList(scratch, contact, device, result));
    if (!contact) await this.#noteOwnList(scratch, device, result);
    await this.#failures.readable(scratch, account, device);
    const content = decodeOrNull(result.content);
    if (content)
      await this.#contents.take(scratch, { account, device, contact: known }, content, result.weakFs);
    if (result.created) await this.#sealing.putWaiting(scratch, account, device);
  }

  /**
   * @param {Scratch} scratch
   * @param {Contact} contact
   * @param {number} device
   * @param {Received} result
   */
  async #noteList(scratch, contact, device, { list }) {
    if (!list || list.relation === 'same' || list.relation === 'older') return contact;
    if (list.relation !== 'jump') return this.#listChanges.adopt(scratch, contact, list.list);
    scratch.afterCommit(() => this.#heard.listClaimed(contact.accountId));
    return this.#listChanges.noteAhead(scratch, contact, cameBy(list.list, device));
  }

  /**
   * No carried list of one's own counts before it has been fetched and checked (§2).
   *
   * @param {Scratch} scratch
   * @param {number} device
   * @param {Received} result
   */
  async #noteOwnList(scratch, device, { list }) {
    if (!list || list.relation === 'same' || list.relation === 'older') return;
    scratch.afterCommit(() => this.#heard.listClaimed(this.#account.accountId));
    const row = await loadOwnRow(scratch);
    putOwnRow(scratch, { ...row, ahead: noteAhead(row.ahead, cameBy(list.list, device)) });
  }
}

/**
 * @param {import('../crypto/device-list.js').DeviceList} list
 * @param {number} device that a session has begun with by this list
 */
function cameBy(list, device) {
  const entry = deviceOf(list, device);
  if (!entry) throw new Error('a session by a list that does not name the device');
  return deviceAhead(entry, list.listVersion);
}

/**
 * A pin of the vault knows version and hash before the list itself is here.
 *
 * @param {Contact} contact
 */
const pinned = ({ listVersion, listHash }) => (listHash ? { listVersion, listHash } : null);

/**
 * @param {Scratch} scratch
 * @param {Uint8Array} body
 */
async function loadNamedPrekeys(scratch, body) {
  /** @type {Map<string, import('../session/session-table.js').OwnPrekey>} */
  const prekeys = new Map();
  try {
    const { spkId, opkId, pqKind, pqId } = decodePrekeyBody(body);
    const named = [
      [PREKEY.SIGNED, spkId],
      [PREKEY.ONE_TIME, opkId],
      [pqKind, pqId],
    ];
    for (const [kind, keyId] of named) {
      const row = await scratch.get('prekeys', prekeyKey(Number(kind), Number(keyId)));
      if (row) prekeys.set(`${kind}/${keyId}`, row);
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error; // the session table refuses the body itself
  }
  return prekeys;
}

/**
 * Authentic but not to be understood: counted and dropped, the session has moved on (§7.1).
 *
 * @param {Uint8Array | null} content
 */
function decodeOrNull(content) {
  try {
    return content && decodeContent(content);
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
