/**
 * The window's RTCPeerConnections of all devices in a model test: two halves meet when offer and answer have crossed.
 *
 * @typedef {import('./test-device.js').TestDevice} TestDevice
 */
export class WebrtcDouble {
  #time;
  /** @type {Map<string, { device: TestDevice, half: ChannelHalf, offerer: boolean }[]>} by call */
  #calls = new Map();
  /** Frames on open channels for which this says true are lost, as on a path that has died. */
  dead = false;
  opened = 0;
  /** What the windows were told at each restart of ICE by the offerer. @type {any[]} */
  restarts = [];

  /** @param {import('./virtual-time.js').VirtualTime} time */
  constructor(time) {
    this.#time = time;
  }

  /**
   * @param {TestDevice} device
   * @param {string} notice
   * @param {any} data
   */
  notice(device, notice, data) {
    if (notice === 'rtcOpen') this.#open(device, data);
    if (notice === 'rtcAnswer') this.#connect(data.call);
    if (notice === 'rtcClose') this.#close(data.call, device);
  }

  /** @param {TestDevice} device */
  gone(device) {
    for (const [call, sides] of this.#calls)
      if (sides.some((side) => side.device === device)) this.#close(call, device);
  }

  /**
   * @param {TestDevice} device
   * @param {{ call: string, n: number, offerer: boolean }} wanted
   */
  #open(device, wanted) {
    const { call, n, offerer } = wanted;
    const sides = this.#calls.get(call) ?? [];
    const isRestart = sides.some((side) => side.device === device);
    const half = new ChannelHalf(this, this.#time);
    if (!isRestart) this.#calls.set(call, [...sides, { device, half, offerer }]);
    else if (offerer) this.restarts.push(wanted);
    this.#time.after(() => {
      const { engine } = device;
      if (offerer && !isRestart) engine.rtcChannel({ call, channel: /** @type {any} */ (half) });
      engine.rtcDescription({ call, n, kind: offerer ? 'offer' : 'answer', sdp: `sdp of ${call}` });
      const candidates = [{ candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 }];
      engine.rtcCandidates({ call, n, candidates });
    }, 10);
  }

  /** @param {string} call */
  #connect(call) {
    const [a, b] = this.#calls.get(call) ?? [];
    if (!a || !b || a.half.readyState !== 'connecting') return;
    this.#time.after(() => {
      const answerer = a.offerer ? b : a;
      answerer.device.engine.rtcChannel({ call, channel: /** @type {any} */ (answerer.half) });
      a.half.join(b.half);
      this.opened += 1;
    }, 20);
  }

  /**
   * @param {string} call
   * @param {TestDevice} device
   */
  #close(call, device) {
    for (const side of this.#calls.get(call) ?? []) {
      side.half.close();
      if (side.device !== device) side.device.engine.rtcState({ call, state: 'closed' });
    }
    this.#calls.delete(call);
  }
}

class ChannelHalf {
  readyState = 'connecting';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onbufferedamountlow = null;
  binaryType = 'blob';
  /** @type {(() => void) | null} */
  onopen = null;
  /** @type {(() => void) | null} */
  onclose = null;
  onerror = null;
  /** @type {((event: { data: ArrayBuffer }) => void) | null} */
  onmessage = null;
  #world;
  #time;
  /** @type {ChannelHalf | null} */
  #other = null;

  /**
   * @param {WebrtcDouble} world
   * @param {import('./virtual-time.js').VirtualTime} time
   */
  constructor(world, time) {
    this.#world = world;
    this.#time = time;
  }

  /** @param {ChannelHalf} other */
  join(other) {
    this.#other = other;
    other.#other = this;
    for (const half of [this, other]) {
      half.readyState = 'open';
      half.onopen?.();
    }
  }

  /** @param {Uint8Array} frame */
  send(frame) {
    if (this.readyState !== 'open') throw new Error('InvalidStateError');
    const data = frame.slice().buffer;
    this.#time.after(() => {
      if (!this.#world.dead && this.#other?.readyState === 'open') this.#other.onmessage?.({ data });
    }, 1);
  }

  close() {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    const other = this.#other;
    this.#time.after(() => {
      this.onclose?.();
      other?.close();
    }, 1);
  }
}
