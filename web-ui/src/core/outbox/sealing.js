/**
 * Seals items: content → ratchet message → envelope, on the selected session of the device. The advanced session
 * and the envelope are written in one unit of work, so that no key is used for two contents (§5.3, §11.1).
 *
 * @typedef {import('../scratch.js').Scratch} Scratch
 * @typedef {import('./item.js').Item} Item
 * @typedef {import('./item.js').Content} Content
 */

import { contentOf, findRow } from '../chat/thread.js';
import { equal } from '../crypto/bytes.js';
import { encodeContent } from '../crypto/content.js';
import { envelopeId, sealEnvelope } from '../crypto/envelope.js';
import { encryptFor, ephemeralsLeft, selected } from '../session/session-table.js';
import { loadPeer, putPeer } from '../session-rows.js';

export class Sealing {
  #account;
  #lists;
  #outbox;
  #progress;
  #environment;

  /**
   * @param {import('../engine-contract.js').Account} account
   * @param {import('../contact/lists.js').Lists} lists
   * @param {import('./outbox.js').Outbox} outbox
   * @param {import('./progress.js').Progress} progress
   * @param {import('../environment.js').Environment} environment
   */
  constructor(account, lists, outbox, progress, environment) {
    this.#account = account;
    this.#lists = lists;
    this.#outbox = outbox;
    this.#progress = progress;
    this.#environment = environment;
  }

  /**
   * Puts the item: sealed if the device has a session to seal on, else waiting for one; takes it out if its device
   * or its content is gone.
   *
   * @param {Scratch} scratch
   * @param {Item} item
   */
  async put(scratch, item) {
    const device = (await this.#lists.devicesOf(scratch, item.account)).find(
      (d) => d.deviceId === item.device,
    );
    const content = device && (item.content ?? (await this.#contentOfRow(scratch, item)));
    if (!device || !content) {
      this.#outbox.remove(scratch, item);
      return;
    }
    const before = await loadPeer(scratch, item.account, item.device);
    if (item.newSession || !selected(before, this.#environment.now())) {
      this.#outbox.put(scratch, { ...item, state: 'queued', envelope: null, envelopeId: null });
      return;
    }
    const { envelope, transmission, weakFs } = this.#seal(scratch, before, device.dhk, content, false);
    const sameChain = !item.transmission || equal(item.transmission.dhPub, transmission.dhPub);
    this.#outbox.put(scratch, {
      ...item,
      state: 'queued',
      envelope,
      envelopeId: envelopeId(envelope),
      transmission,
      manyChains: item.manyChains || !sameChain,
    });
    if (weakFs) await this.#progress.changeRowOf(scratch, item, { weakForwardSecrecy: true });
  }

  /**
   * Seals everything that waited for a session with this device.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} device
   */
  async putWaiting(scratch, account, device) {
    for (const item of this.#outbox.readTo(scratch, account, device))
      if (!item.envelope) await this.put(scratch, item);
  }

  /**
   * Whether something may be sealed for this device now, without waiting for a session.
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} deviceId
   */
  async hasSession(scratch, account, deviceId) {
    const isListed = (await this.#lists.devicesOf(scratch, account)).some((d) => d.deviceId === deviceId);
    return isListed && selected(await loadPeer(scratch, account, deviceId), this.#environment.now()) !== null;
  }

  /**
   * A content that is sent while the device is connected and kept nowhere (§6.1: SIGNAL, TYPING).
   *
   * @param {Scratch} scratch
   * @param {Uint8Array} account
   * @param {number} deviceId
   * @param {Content} content
   * @returns {Promise<Uint8Array | null>} null: no session, or EPHEMERAL_BUDGET is used up
   */
  async ephemeral(scratch, account, deviceId, content) {
    const device = (await this.#lists.devicesOf(scratch, account)).find((d) => d.deviceId === deviceId);
    const before = await loadPeer(scratch, account, deviceId);
    const nowMs = this.#environment.now();
    if (!device || !selected(before, nowMs) || ephemeralsLeft(before, nowMs) <= 0) return null;
    return this.#seal(scratch, before, device.dhk, content, true).envelope;
  }

  /**
   * @param {Scratch} scratch
   * @param {import('../session/session-table.js').PeerSessions} before
   * @param {Uint8Array} dhk
   * @param {Content} content
   * @param {boolean} ephemeral
   */
  #seal(scratch, before, dhk, content, ephemeral) {
    const account = this.#account;
    const { peer, kind, body, transmission, weakFs } = encryptFor(
      before,
      {
        content: encodeContent({ ...content, senderListVersion: account.listVersion }),
        ownList: account.deviceList.bytes,
        ephemeral,
      },
      this.#environment.now(),
    );
    putPeer(scratch, before, peer);
    const envelope = sealEnvelope({
      recipient: { accountId: before.accountId, deviceId: before.deviceId, dhk },
      sender: { accountId: account.accountId, deviceId: account.deviceId },
      kind,
      body,
    });
    return { envelope, transmission, weakFs };
  }

  /**
   * @param {Scratch} scratch
   * @param {Item} item
   * @returns {Promise<Content | undefined>}
   */
  async #contentOfRow(scratch, { convId, msgId, sender }) {
    const row = await findRow(scratch, convId, { account: this.#account.accountId, device: sender, msgId });
    return row && contentOf(row, convId);
  }
}
