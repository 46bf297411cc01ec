/**
 * Two windows' worth of `Calls` in one page, their cores played by the test: what one says is handed to the other, as
 * SIGNAL messages do, and each data channel goes to a worker.
 */
import { Calls } from '../src/p2p/calls.js';

/** @typedef {{trustedTypes: {createPolicy(name: string, rules: object): {createScriptURL(url: string): string}}}} Trusting */
const policy = /** @type {Trusting} */ (/** @type {unknown} */ (window)).trustedTypes.createPolicy('app', {
  createScriptURL: (/** @type {string} */ url) => url,
});

class Side {
  /** @type {Map<string, (data: any) => void>} */
  listeners = new Map();
  /** @type {{method: string, params: any}[]} */
  calls = [];
  /** @type {string[]} */
  heard = [];
  /** @type {Side | null} */
  other = null;
  worker = new Worker(policy.createScriptURL('/test/p2p.worker.js'), { type: 'module' });

  constructor() {
    this.worker.onmessage = ({ data }) => this.heard.push(data);
    const core = { call: this.call.bind(this), on: this.on.bind(this) };
    new Calls(/** @type {import('../src/lib/rpc.js').CoreClient} */ (/** @type {unknown} */ (core))).begin();
  }

  /** @param {string} notice @param {(data: any) => void} listener */
  on(notice, listener) {
    this.listeners.set(notice, listener);
  }

  /** @param {string} notice @param {unknown} data */
  tell(notice, data) {
    this.listeners.get(notice)?.(data);
  }

  /** @param {string} method @param {any} params @param {Transferable[]} [transfer] */
  async call(method, params, transfer = []) {
    const { channel, ...rest } = params;
    this.calls.push({ method, params: rest });
    if (method === 'rtcChannel') this.worker.postMessage({ channel }, transfer);
    if (method === 'rtcCandidates') this.other?.tell('rtcRemoteCandidates', params);
    if (method !== 'rtcDescription') return;
    const { call, n, sdp } = params;
    if (params.kind === 'answer') this.other?.tell('rtcAnswer', { call, sdp });
    else
      this.other?.tell('rtcOpen', {
        call,
        n,
        offerer: false,
        iceServers: [],
        relayOnly: false,
        offerSdp: sdp,
      });
  }
}

const alice = new Side();
const bob = new Side();
alice.other = bob;
bob.other = alice;
Object.assign(window, { alice, bob });
