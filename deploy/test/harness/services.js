import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { PAGE_ADDRESS } from './container.js';
import { Names } from './names.js';

/** May wait to be taken, as at the services themselves. */
const CROWD = 4096;

/**
 * @typedef {object} Seen
 * @property {string} service
 * @property {string} [method]
 * @property {string} [url]
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {number} bytes of the body
 */

/** Stands where a service would: answers what it was asked. A path that ends in /status/NNN chooses the status. */
export class Service {
  /** Whether it takes no new socket, as signaling-service before it stops. */
  draining = false;
  /** @type {Seen[]} */
  seen = [];
  /** @type {Set<import('node:stream').Duplex>} */
  #sockets = new Set();

  /** @param {string} name @param {string} address @param {number} port */
  constructor(name, address, port) {
    this.name = name;
    this.address = address;
    this.port = port;
    this.server = createServer({ maxHeaderSize: 65_536 }, (request, response) =>
      this.#answer(request, response),
    );
    this.server.on('upgrade', (request, socket) => this.#upgrade(request, socket));
    this.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  async start() {
    this.server.listen(this.port, this.address, CROWD);
    await once(this.server, 'listening');
    return this;
  }

  async stop() {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.server, 'close');
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async #answer(request, response) {
    let bytes = 0;
    request.on('data', (part) => {
      bytes += part.length;
    });
    await once(request, 'end');
    const seen = this.#note(request, bytes);
    const { url = '' } = request;
    if (url.endsWith('/dies')) {
      request.socket.destroy();
      return;
    }
    const status = Number(/\/status\/(\d{3})/.exec(url)?.[1] ?? 200);
    response.setHeader('Content-Type', 'application/json');
    if (url.includes('/own-policy')) response.setHeader('Content-Security-Policy', "default-src 'self'");
    response.writeHead(status).end(status === 204 || status === 304 ? undefined : JSON.stringify(seen));
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:stream').Duplex} socket */
  #upgrade(request, socket) {
    this.#note(request, 0);
    if (this.draining) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    // RFC 6455 §4.2.2
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    const [protocol = ''] = (request.headers['sec-websocket-protocol'] ?? '').split(',');
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
    );
    socket.pipe(socket);
    socket.on('error', () => {});
  }

  /** @param {import('node:http').IncomingMessage} request @param {number} bytes @returns {Seen} */
  #note({ method, url, headers }, bytes) {
    const seen = { service: this.name, method, url, headers, bytes };
    this.seen.push(seen);
    return seen;
  }
}

/** The three services and the name server, at addresses of their own. */
export class Services {
  names = new Names();
  auth = new Service('auth', '127.0.2.1', 8081);
  signaling = new Service('signaling', '127.0.2.2', 8082);
  mailbox = new Service('mailbox', '127.0.2.3', 8083);

  async start() {
    await this.names.start();
    this.names.set('auth-service', this.auth.address);
    this.names.set('signaling-service', this.signaling.address);
    this.names.set('mailbox-service', this.mailbox.address);
    this.names.set('web-ui', PAGE_ADDRESS);
    await Promise.all([this.auth, this.signaling, this.mailbox].map((service) => service.start()));
    return this;
  }

  async stop() {
    await Promise.all([this.auth, this.signaling, this.mailbox].map((service) => service.stop()));
    await this.names.stop();
  }
}
