/**
 * The server of MP2P/1 §20 and §20.1 in memory, as far as the engine meets it: device lists, prekeys handed out once,
 * mailboxes that keep until acknowledged, `/ws` with presence and relay by watch. It keeps a trace of what it saw.
 *
 * @typedef {{ dlcs: Uint8Array[], username: string, tokenHash: Uint8Array | null, devices: Map<number, Device> }} Account
 * @typedef {{ spk: Uint8Array, opks: Uint8Array[], pql: Uint8Array, pqos: Uint8Array[],
 *   mailbox: { id: string, envelope: Uint8Array }[], expired?: number, isFull?: boolean }} Device `expired`: a total that
 *   never falls
 */
import { ApiError, NetworkError } from '../api/errors.js';
import { equal, fromBase64url, fromHex, toBase64url, toHex } from '../crypto/bytes.js';
import { deliveryTokenHash } from '../crypto/delivery-token.js';
import { decodeDeviceList } from '../crypto/device-list.js';
import { decodeRelayFrame, encodeRelayFrame, FRAME } from '../path/relay-frame.js';
import { appendPrekeys, digestOf, replacePrekeys } from './prekey-shelf.js';
import { SocketDouble } from './socket-double.js';

const CAPACITY = 10_000;
const OF_MAILBOX = ['messages', 'deliver', 'collect', 'ack'];

export class ServerDouble {
  /** @type {Map<string, Account>} */
  accounts = new Map();
  /** @type {Map<string, SocketDouble>} by device */
  sockets = new Map();
  /** @type {{ via: 'deliver' | 'messages' | 'relay' | 'taken', from: string | null, to: string, device: number }[]} */
  trace = [];
  /** Who was asked for prekeys. @type {{ account: string, atMs: number }[]} */
  bundled = [];
  /** Every envelope that a mailbox ever took. @type {{ device: number, envelope: Uint8Array }[]} */
  stored = [];
  /** What the server makes of an envelope on its way. @type {(envelope: Uint8Array) => Uint8Array} */
  tamper = (envelope) => envelope;
  down = false;
  /** The answer of the next n deliveries is lost after they were stored. */
  loseAnswers = 0;
  /** Set: answers to deliveries wait for it, after they were stored. @type {Promise<void> | null} */
  answersHeld = null;
  relayDown = false;
  /** Set: answers to GET vault wait for it. @type {Promise<void> | null} */
  vaultHeld = null;
  /** How often a vault was asked for. */
  vaultsAsked = 0;
  /** How long a delivery is under way. */
  deliveryMs = 5;
  /** How long a mailbox takes to answer. */
  collectMs = 5;
  /** How long a bundle is under way. */
  bundleMs = 5;
  capacity = CAPACITY;
  /** @type {{ iceServers: RTCIceServer[], expiresIn: number }} */
  ice = { iceServers: [], expiresIn: 600 };
  /** What every request to a mailbox is answered. @type {{ status: number, retryAfter: number } | null} */
  refusal = null;
  #time;
  #lastItem = 0;

  /** @param {import('./virtual-time.js').VirtualTime} time */
  constructor(time) {
    this.#time = time;
  }

  /** @param {Uint8Array} id */
  account(id) {
    const account = this.accounts.get(toHex(id));
    if (!account) throw new ApiError(404, 'not-found');
    return account;
  }

  /**
   * A server that gives a device once more what it stored for it before.
   *
   * @param {Uint8Array} id
   * @param {number} deviceId
   * @param {Uint8Array[]} envelopes
   */
  replay(id, deviceId, envelopes) {
    const { mailbox } = this.#device(this.account(id), deviceId);
    for (const envelope of envelopes) mailbox.push({ id: String(++this.#lastItem), envelope });
    this.sockets.get(`${toHex(id)}/${deviceId}`)?.deliver(JSON.stringify({ t: 'mail' }));
  }

  /** @param {Uint8Array} id whose mailboxes forget what they hold */
  loseMail(id) {
    for (const device of this.account(id).devices.values()) device.mailbox = [];
  }

  /**
   * What waits for a device outlives its time.
   *
   * @param {Uint8Array} id
   * @param {number} deviceId
   */
  expireMail(id, deviceId) {
    const device = this.#device(this.account(id), deviceId);
    device.expired = (device.expired ?? 0) + device.mailbox.splice(0).length;
  }

  /**
   * The calls of api/rest.js for one device.
   *
   * @param {{ accountId: Uint8Array, deviceId: number }} caller
   * @param {() => boolean} isAlive
   * @returns {any}
   */
  rest({ accountId, deviceId }, isAlive) {
    const own = () => this.#device(this.account(accountId), deviceId);
    /** @type {{ [name: string]: (...args: any[]) => any }} */
    const calls = {
      username: (name) =>
        fromHexOrNull([...this.accounts].find(([, account]) => account.username === name)?.[0]),
      deviceLists: (id, from) => {
        const { dlcs } = this.account(id);
        return from === undefined ? dlcs.slice(-1) : dlcs.slice(from - 1, from + 99);
      },
      bundle: (id, deviceIds) => {
        this.bundled.push({ account: toHex(id), atMs: this.#time.now() });
        return this.#bundle(this.account(id), deviceIds);
      },
      messages: (delivery) => this.#deliver('messages', toHex(accountId), delivery),
      deliver: (delivery) => this.#deliver('deliver', null, delivery),
      collect: () => {
        const { mailbox, expired = 0 } = own();
        const items = mailbox.slice(0, 100).map((item) => ({ ...item }));
        return {
          items,
          next: items.at(-1)?.id ?? null,
          drained: mailbox.length <= 100 && items.length === 0,
          expired,
        };
      },
      ack: (ids) => {
        const device = own();
        device.mailbox = device.mailbox.filter((item) => !ids.includes(item.id));
      },
      prekeyDigest: () => digestOf(own()),
      postPrekeys: (records) => appendPrekeys(own(), records, this.#time.now()),
      putPrekeys: (records) => replacePrekeys(own(), records, this.#time.now()),
      putDeliveryToken: (hash) => {
        this.account(accountId).tokenHash = hash;
      },
      ice: () => this.ice,
    };
    return Object.fromEntries(
      Object.entries(calls).map(([name, call]) => [
        name,
        async (/** @type {any[]} */ ...args) => {
          const delivers = name === 'messages' || name === 'deliver';
          await this.#time.sleep(this.#wayMs(name));
          if (!isAlive()) return new Promise(() => {});
          if (this.down) throw new NetworkError(new Error('down'));
          if (this.refusal && OF_MAILBOX.includes(name))
            throw new ApiError(this.refusal.status, 'unavailable', { retryAfter: this.refusal.retryAfter });
          const answer = structuredClone(call(...args));
          await this.#time.sleep(5);
          if (delivers) await this.answersHeld;
          if (!isAlive()) return new Promise(() => {});
          if (delivers && this.loseAnswers > 0) {
            this.loseAnswers -= 1;
            throw new NetworkError(new Error('answer lost'));
          }
          return answer;
        },
      ]),
    );
  }

  /** @param {string} name of a call */
  #wayMs(name) {
    if (name === 'messages' || name === 'deliver') return this.deliveryMs;
    if (name === 'collect') return this.collectMs;
    return name === 'bundle' ? this.bundleMs : 5;
  }

  /**
   * @param {{ accountId: Uint8Array, deviceId: number }} caller
   * @returns {any}
   */
  openSocket({ accountId, deviceId }) {
    const socket = new SocketDouble(this.#time);
    const lane = `${toHex(accountId)}/${deviceId}`;
    /** @type {{ watched: Set<string>, handed: Set<string> }} */
    const connection = { watched: new Set([toHex(accountId)]), handed: new Set() };
    socket.connection = connection;
    this.#time.after(() => {
      if (this.down || this.relayDown) return socket.fail();
      this.sockets.get(lane)?.shut(4409);
      this.sockets.set(lane, socket);
      socket.open({
        onText: (text) => this.#control(accountId, connection, socket, JSON.parse(text)),
        onBinary: (bytes) => this.#relay(accountId, deviceId, connection, socket, bytes),
        onClose: () => {
          if (this.sockets.get(lane) !== socket) return;
          this.sockets.delete(lane);
          this.#tellPresence(toHex(accountId));
        },
      });
      socket.deliver(JSON.stringify({ t: 'hello', device: deviceId, now_ms: this.#time.now(), ping_s: 25 }));
      this.#tellPresence(toHex(accountId));
    }, 5);
    return socket;
  }

  /** @param {string} account hex */
  #devicesHere(account) {
    return [...this.sockets.keys()]
      .filter((lane) => lane.startsWith(account))
      .map((lane) => Number(lane.split('/')[1]));
  }

  /** @param {string} account hex */
  #tellPresence(account) {
    for (const socket of this.sockets.values())
      if (socket.connection.watched.has(account)) this.#presence(socket, account);
  }

  /**
   * @param {SocketDouble} socket
   * @param {string} account hex
   */
  #presence(socket, account) {
    const devices = this.#devicesHere(account);
    socket.deliver(JSON.stringify({ t: 'presence', account: toBase64url(fromHex(account)), devices }));
  }

  /**
   * @param {Uint8Array} accountId
   * @param {any} connection
   * @param {SocketDouble} socket
   * @param {any} message
   */
  #control(accountId, connection, socket, message) {
    if (message.t !== 'watch') return;
    connection.watched = new Set([toHex(accountId)]);
    for (const { account, token } of message.list) {
      const hash = this.accounts.get(toHex(fromBase64url(account)))?.tokenHash;
      if (!hash || !equal(hash, deliveryTokenHash(fromBase64url(token)))) continue;
      connection.watched.add(toHex(fromBase64url(account)));
      this.#presence(socket, toHex(fromBase64url(account)));
    }
  }

  /**
   * @param {Uint8Array} accountId
   * @param {number} deviceId
   * @param {any} connection
   * @param {SocketDouble} socket
   * @param {Uint8Array} bytes
   */
  #relay(accountId, deviceId, connection, socket, bytes) {
    const frame = decodeRelayFrame(bytes);
    const to = toHex(frame.account);
    const target = this.sockets.get(`${to}/${frame.device}`);
    const own = { account: accountId, device: deviceId };
    if (frame.type === FRAME.TAKEN) {
      this.trace.push({ via: 'taken', from: toHex(accountId), to, device: frame.device });
      if (connection.handed.has(`${to}/${frame.device}`))
        target?.deliver(encodeRelayFrame({ ...frame, ...own }));
      return;
    }
    this.trace.push({ via: 'relay', from: toHex(accountId), to, device: frame.device });
    if (!target || !connection.watched.has(to)) {
      socket.deliver(encodeRelayFrame({ ...frame, type: FRAME.NOT_HERE, payload: new Uint8Array() }));
      return;
    }
    target.connection.handed.add(`${toHex(accountId)}/${deviceId}`);
    target.deliver(encodeRelayFrame({ ...frame, ...own, payload: this.tamper(frame.payload) }));
  }

  /**
   * @param {'deliver' | 'messages'} via
   * @param {string | null} from
   * @param {any} delivery
   */
  #deliver(via, from, { to, token, listVersion, envelopes }) {
    const account = this.account(to);
    if (via === 'deliver' && (!account.tokenHash || !equal(deliveryTokenHash(token), account.tokenHash)))
      throw new ApiError(401, 'delivery-token');
    const list = decodeDeviceList(/** @type {Uint8Array} */ (account.dlcs.at(-1)));
    if (listVersion !== list.listVersion)
      throw new ApiError(409, 'list-version', { body: { list_version: list.listVersion } });
    return envelopes.map((/** @type {any} */ { deviceId, envelope: sent }) => {
      const envelope = this.tamper(sent);
      const device = this.#device(account, deviceId);
      this.trace.push({ via, from, to: toHex(to), device: deviceId });
      if (device.isFull || device.mailbox.length >= this.capacity) return { deviceId, state: 'full' };
      const known = device.mailbox.some((item) => equal(item.envelope, envelope));
      this.#lastItem += 1;
      if (!known) this.stored.push({ device: deviceId, envelope });
      if (!known) device.mailbox.push({ id: String(this.#lastItem), envelope });
      this.#time.after(() => {
        this.sockets.get(`${toHex(to)}/${deviceId}`)?.deliver(JSON.stringify({ t: 'mail' }));
      }, 1);
      return { deviceId, state: 'stored' };
    });
  }

  /**
   * @param {Account} account
   * @param {number[]} deviceIds
   */
  #bundle(account, deviceIds) {
    const devices = deviceIds
      .filter((deviceId) => account.devices.has(deviceId))
      .map((deviceId) => {
        const device = this.#device(account, deviceId);
        return {
          deviceId,
          spk: device.spk,
          opk: device.opks.shift() ?? null,
          pq: device.pqos.shift() ?? device.pql,
        };
      });
    return { dlc: account.dlcs.at(-1), devices };
  }

  /**
   * @param {Account} account
   * @param {number} deviceId
   */
  #device(account, deviceId) {
    const device = account.devices.get(deviceId);
    if (!device) throw new ApiError(409, 'list-version');
    return device;
  }
}

/** @param {string | undefined} hex */
const fromHexOrNull = (hex) => (hex === undefined ? null : fromHex(hex));
