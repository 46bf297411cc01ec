import { PREKEY, verifyBundleDevice } from '../src/core/crypto/prekey.js';
import * as table from '../src/core/session/session-table.js';
import { listOf, newAccount, newDevice, newPrekey, T0 } from './people.js';

/**
 * A device with its prekeys and the sessions with one other device, kept as the engine keeps them: it takes over
 * what the session table returns, and it can be put back to an earlier moment.
 */
export class Endpoint {
  constructor(account = newAccount(), device = newDevice(account), list = listOf(account, [device])) {
    this.account = account;
    this.device = device;
    this.list = list;
    const spk = newPrekey(device, PREKEY.SIGNED);
    const pql = newPrekey(device, PREKEY.KEM_LAST_RESORT);
    this.spk = spk;
    this.pql = pql;
    /** @type {Map<string, table.OwnPrekey>} */
    this.prekeys = new Map([
      [`1/${spk.own.keyId}`, spk.own],
      [`3/${pql.own.keyId}`, pql.own],
    ]);
    /** @type {import('../src/core/session/session-table.js').ReplayRow[]} */
    this.replayRows = [];
    this.blocked = false;
    /** @type {import('../src/core/crypto/device-list.js').DeviceList | null} */
    this.knownList = null;
    /** @type {import('../src/core/session/session-table.js').PeerSessions} */
    this.peer = table.emptyPeer(new Uint8Array(16), 1);
  }

  /** @param {Endpoint} other */
  meet(other) {
    const { accountId, deviceId } = other.device.identity;
    this.peer = table.emptyPeer(accountId, deviceId);
    return this;
  }

  get address() {
    const { accountId, deviceId } = this.device.identity;
    return { accountId, deviceId };
  }

  /** What the server hands out for this device. */
  bundle({ oneTime = true, nowMs = T0 } = {}) {
    const { deviceId } = this.device.identity;
    const opk = oneTime ? this.#add(newPrekey(this.device, PREKEY.ONE_TIME)) : null;
    const pq = oneTime ? this.#add(newPrekey(this.device, PREKEY.KEM_ONE_TIME)) : this.pql;
    const offered = { deviceId, spk: this.spk.record, opk: opk?.record, pq: pq.record };
    return verifyBundleDevice(this.list, offered, nowMs);
  }

  /** @param {ReturnType<typeof newPrekey>} prekey */
  #add(prekey) {
    this.prekeys.set(`${prekey.kind}/${prekey.own.keyId}`, prekey.own);
    return prekey;
  }

  /** @param {Endpoint} other */
  initiate(other, nowMs = T0, options = {}) {
    const setup = {
      self: this.device.identity,
      dhkSecret: this.device.dhkSecret,
      remote: other.bundle({ nowMs, ...options }),
    };
    this.peer = table.initiateWith(this.peer, setup, nowMs);
  }

  /**
   * @param {string} text
   * @param {boolean} [ephemeral]
   * @returns {import('../src/core/session/session-table.js').Incoming & { transmission: import('../src/core/session/session-table.js').Transmission, weakFs: boolean }}
   */
  send(text, nowMs = T0, ephemeral = false) {
    const content = new TextEncoder().encode(text);
    const sent = table.encryptFor(this.peer, { content, ownList: this.list.bytes, ephemeral }, nowMs);
    this.peer = this.#throughDisk(sent.peer);
    return {
      sender: this.address,
      kind: sent.kind,
      body: sent.body,
      transmission: sent.transmission,
      weakFs: sent.weakFs,
    };
  }

  /** @returns {import('../src/core/session/session-table.js').Context} */
  get context() {
    return {
      self: this.device.identity,
      dhkSecret: this.device.dhkSecret,
      prekey: (kind, keyId) => this.prekeys.get(`${kind}/${keyId}`),
      replay: {
        has: (row) =>
          this.replayRows.some(
            (r) => r.spkId === row.spkId && r.opkId === row.opkId && String(r.ekHash) === String(row.ekHash),
          ),
        withoutOneTime: (spkId) =>
          this.replayRows.filter((row) => row.spkId === spkId && row.opkId === 0).length,
      },
      knownList: this.knownList,
      blocked: this.blocked,
    };
  }

  /**
   * @param {import('../src/core/session/session-table.js').Incoming} incoming
   */
  receive(incoming, nowMs = T0) {
    const result = table.receive(this.peer, incoming, this.context, nowMs);
    if (result.ok) {
      this.peer = this.#throughDisk(result.peer);
      for (const { kind, keyId } of result.consumed) this.prekeys.delete(`${kind}/${keyId}`);
      if (result.replay) this.replayRows.push(result.replay);
      if (result.list && ['first', 'next'].includes(result.list.relation)) this.knownList = result.list.list;
    }
    return result;
  }

  /**
   * The text, which must be readable.
   * @param {import('../src/core/session/session-table.js').Incoming} incoming
   */
  read(incoming, nowMs = T0) {
    const result = this.receive(incoming, nowMs);
    if (!result.ok) throw new Error(`refused: ${result.code}`);
    return new TextDecoder().decode(result.content ?? new Uint8Array());
  }

  /** Everything this device knows, to be put back later. */
  snapshot() {
    return {
      peer: this.peer,
      prekeys: new Map(this.prekeys),
      replayRows: [...this.replayRows],
      knownList: this.knownList,
    };
  }

  /** @param {ReturnType<Endpoint['snapshot']>} state */
  rollBack(state) {
    Object.assign(this, { ...state, prekeys: new Map(state.prekeys), replayRows: [...state.replayRows] });
  }

  /** Every state goes through its record and rows, so that what is written is what is used. */
  #throughDisk(/** @type {import('../src/core/session/session-table.js').PeerSessions} */ after) {
    const rows = new Map(
      this.peer.sessions.flatMap((s) => [...s.skipped.values()].map((key) => [key.counter, key])),
    );
    const { skippedAdded, skippedRemoved } = table.changesBetween(this.peer, after);
    for (const { counter } of skippedRemoved) rows.delete(counter);
    for (const key of skippedAdded)
      rows.set(key.counter, table.decodeSkippedKey(table.encodeSkippedKey(key)));
    return table.decodePeer(table.encodePeer(after), [...rows.values()]);
  }
}

/** Two devices of two accounts that have not talked yet. */
export function strangers() {
  const [a, b] = [new Endpoint(), new Endpoint()];
  return { a: a.meet(b), b: b.meet(a) };
}

/** Two devices with a confirmed session. */
export function acquainted() {
  const { a, b } = strangers();
  a.initiate(b);
  b.read(a.send('hello'));
  a.read(b.send('hello back'));
  return { a, b };
}
