/**
 * One `/ws` connection: the half that the engine sees as a WebSocket, and the half of the server.
 */
const LATENCY_MS = 3;

export class SocketDouble {
  readyState = 0;
  binaryType = 'blob';
  /** @type {((event: { data: unknown }) => void) | null} */
  onmessage = null;
  /** @type {((event: { code: number, reason: string }) => void) | null} */
  onclose = null;
  /** What the server knows of this connection. @type {any} */
  connection = null;
  /** @type {(data: string | Uint8Array) => boolean} frames to the engine for which it says true are lost */
  lose = () => false;
  #time;
  /** @type {{ onText: (text: string) => void, onBinary: (bytes: Uint8Array) => void, onClose: () => void } | null} */
  #server = null;

  /** @param {import('./virtual-time.js').VirtualTime} time */
  constructor(time) {
    this.#time = time;
  }

  /** @param {{ onText: (text: string) => void, onBinary: (bytes: Uint8Array) => void, onClose: () => void }} server */
  open(server) {
    this.#server = server;
    this.readyState = 1;
  }

  fail() {
    this.readyState = 3;
    this.onclose?.({ code: 1006, reason: '' });
  }

  /** @param {number} code */
  shut(code) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#server?.onClose();
    this.onclose?.({ code, reason: '' });
  }

  /** @param {string | Uint8Array} data of the engine */
  send(data) {
    if (this.readyState !== 1) return;
    const copy = typeof data === 'string' ? data : data.slice();
    this.#time.after(() => {
      if (this.readyState !== 1) return;
      if (typeof copy === 'string') this.#server?.onText(copy);
      else this.#server?.onBinary(copy);
    }, LATENCY_MS);
  }

  /** @param {string | Uint8Array} data of the server */
  deliver(data) {
    if (this.lose(data)) return;
    const copy = typeof data === 'string' ? data : data.slice().buffer;
    this.#time.after(() => {
      if (this.readyState === 1) this.onmessage?.({ data: copy });
    }, LATENCY_MS);
  }

  close() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#time.after(() => this.#server?.onClose(), LATENCY_MS);
  }
}
