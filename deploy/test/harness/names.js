import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const A = 1;
const NAME_ERROR = 3;

/** The name server of the containers' networks (RFC 1035), as the engine has one: 127.0.0.11. */
export class Names {
  #socket = createSocket('udp4');
  /** @type {Map<string, string[]>} */
  #addresses = new Map();

  async start() {
    this.#socket.on('message', (query, { port, address }) => {
      this.#socket.send(this.#answer(query), port, address);
    });
    this.#socket.bind(53, '127.0.0.11');
    await once(this.#socket, 'listening');
    return this;
  }

  /** @param {string} name @param {string[]} addresses none: there is no such name */
  set(name, ...addresses) {
    this.#addresses.set(name, addresses);
  }

  async stop() {
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  /** @param {Buffer} query with one question, as every resolver sends it */
  #answer(query) {
    const labels = [];
    let at = 12;
    for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const type = query.readUInt16BE(at + 1);
    const addresses = this.#addresses.get(labels.join('.').toLowerCase()) ?? [];
    const records = type === A ? addresses.map(record) : [];
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8580 | (addresses.length === 0 ? NAME_ERROR : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    return Buffer.concat([header, query.subarray(12, at + 5), ...records]);
  }
}

/** @param {string} address */
function record(address) {
  const start = Buffer.from([0xc0, 12, 0, A, 0, 1, 0, 0, 0, 1, 0, 4]);
  return Buffer.concat([start, Buffer.from(address.split('.').map(Number))]);
}
