/**
 * The numbers `seq` (MP2P/1 §6.1) that came from each device of a peer, and what is missing between them. Pure: a
 * change gives a new object, no change the same one.
 *
 * @typedef {object} Hole numbers that have not come, next to each other
 * @property {number} from
 * @property {number} to
 * @property {number} order of the row whose number showed that they are missing: their place in the thread
 * @property {number} beforeMs `sent_ms` of that row: they were written before
 * @property {number} sinceMs
 * @property {number} dueMs told and asked for from then on; 0: the mailbox has to be drained first
 * @property {'quiet' | 'open' | 'lost'} state open: the user is told; lost: also that they will not come
 * @property {number} asks
 * @property {number} askedMs last time, 0: never
 *
 * @typedef {object} DeviceNumbers
 * @property {number} device
 * @property {number} next one above the greatest number that came
 * @property {Hole[]} holes ascending
 */
import { credibleMs, isAhead } from '../stored-time.js';

const GRACE_MS = 600_000; // GAP_GRACE
const ASK_AGAIN_MS = 3_600_000; // GAP_INTERVAL
const ASKS = 3;
const HOLES = 32;
const DEVICES = 16;
const ITEMS = 64; // §6.1: items of one RETRY

/**
 * A number came. The first one of a device is where counting begins, unless it was written before this device was
 * there to get it.
 *
 * @param {readonly DeviceNumbers[]} numbers
 * @param {number} device
 * @param {number} seq
 * @param {{ order: number, sentMs: number, nowMs: number, drained: boolean, begins: boolean }} at
 * @returns {readonly DeviceNumbers[]}
 */
export function counted(numbers, device, seq, { order, sentMs, nowMs, drained, begins }) {
  const known = numbers.find((entry) => entry.device === device);
  if (!known) return begins ? [...numbers, { device, next: seq + 1, holes: [] }].slice(-DEVICES) : numbers;
  if (seq < known.next) return replaced(numbers, known, { ...known, holes: without(known.holes, seq) });
  /** @type {Hole} */
  const hole = {
    from: known.next,
    to: seq - 1,
    order,
    beforeMs: sentMs,
    sinceMs: nowMs,
    dueMs: drained ? nowMs + GRACE_MS : 0,
    state: 'quiet',
    asks: 0,
    askedMs: 0,
  };
  const holes = seq > known.next ? bounded([...known.holes, hole]) : known.holes;
  return replaced(numbers, known, { ...known, next: seq + 1, holes });
}

/**
 * A message of a device that is gone came under a number of another one (§2 `of`): it is the missing one that was
 * written at that time.
 *
 * @param {readonly DeviceNumbers[]} numbers
 * @param {number} device its first writer
 * @param {number} sentMs
 * @returns {readonly DeviceNumbers[]}
 */
export function repeated(numbers, device, sentMs) {
  const known = numbers.find((entry) => entry.device === device);
  const hole = known?.holes.find(({ beforeMs }) => beforeMs >= sentMs);
  if (!known || !hole) return numbers;
  return replaced(numbers, known, { ...known, holes: without(known.holes, hole.from) });
}

/**
 * The mailbox is drained: what was sent before and waited there has come. Times of a clock that stood ahead end here.
 *
 * @param {readonly DeviceNumbers[]} numbers
 * @param {number} nowMs
 */
export const drained = (numbers, nowMs) =>
  mapHoles(numbers, (hole) => {
    // its age stays: to a clock that stands behind for a moment every time looks ahead, and a gap would be lost early
    const askedMs = credibleMs(hole.askedMs, nowMs);
    const isDue = hole.dueMs > 0 && !isAhead(hole.dueMs, nowMs);
    if (isDue && askedMs === hole.askedMs) return hole;
    return { ...hole, dueMs: isDue ? hole.dueMs : nowMs + GRACE_MS, askedMs };
  });

/**
 * What the user is told by now.
 *
 * @param {readonly DeviceNumbers[]} numbers
 * @param {number} nowMs
 * @param {number} ttlMs MAILBOX_TTL
 */
export const aged = (numbers, nowMs, ttlMs) =>
  mapHoles(numbers, (hole) => {
    const state = stateAt(hole, nowMs, ttlMs);
    return state === hole.state ? hole : { ...hole, state };
  });

/**
 * The numbers to ask a device for now, and the same as asked for.
 *
 * @param {readonly DeviceNumbers[]} numbers
 * @param {number} device
 * @param {number} nowMs
 * @returns {{ seqs: number[], numbers: readonly DeviceNumbers[] }}
 */
export function asked(numbers, device, nowMs) {
  const known = numbers.find((entry) => entry.device === device);
  if (!known || askMs(known) > nowMs) return { seqs: [], numbers };
  /** @type {number[]} */
  const seqs = [];
  /** @type {Map<Hole, Hole[]>} */
  const parts = new Map();
  for (const hole of [...known.holes].sort((a, b) => a.asks - b.asks)) {
    const room = ITEMS - seqs.length;
    if (room === 0 || holeAskMs(hole) > nowMs) continue;
    const to = Math.min(hole.to, hole.from + room - 1);
    for (let seq = hole.from; seq <= to; seq++) seqs.push(seq);
    const now = { ...hole, to, asks: hole.asks + 1, askedMs: nowMs };
    parts.set(hole, to === hole.to ? [now] : [now, { ...hole, from: to + 1 }]);
  }
  const holes = known.holes.flatMap((hole) => parts.get(hole) ?? [hole]);
  return { seqs, numbers: replaced(numbers, known, { ...known, holes: bounded(holes) }) };
}

/**
 * When one of the above changes anything by itself; Infinity: never.
 *
 * @param {readonly DeviceNumbers[]} numbers
 * @param {number} ttlMs
 * @param {(device: number) => boolean} mayAsk
 */
export function nextMs(numbers, ttlMs, mayAsk) {
  let next = Number.POSITIVE_INFINITY;
  for (const entry of numbers) {
    for (const { state, dueMs, sinceMs } of entry.holes) {
      if (state === 'quiet' && dueMs > 0) next = Math.min(next, dueMs);
      if (state === 'open') next = Math.min(next, Math.max(dueMs, sinceMs + ttlMs));
    }
    if (mayAsk(entry.device)) next = Math.min(next, askMs(entry));
  }
  return next;
}

/** @param {readonly DeviceNumbers[]} numbers */
export const holesOf = (numbers) => numbers.flatMap(({ holes }) => holes);

/**
 * One RETRY an interval to a device: its newest question counts for all of its numbers.
 *
 * @param {DeviceNumbers} entry
 */
function askMs({ holes }) {
  const last = Math.max(0, ...holes.map(({ askedMs }) => askedMs));
  const first = Math.min(...holes.map(holeAskMs));
  return last === 0 ? first : Math.max(first, last + ASK_AGAIN_MS);
}

/** @param {Hole} hole */
function holeAskMs({ state, asks, askedMs }) {
  if (state !== 'open' || asks >= ASKS) return Number.POSITIVE_INFINITY;
  return asks === 0 ? 0 : askedMs + ASK_AGAIN_MS * 2 ** (asks - 1);
}

/**
 * @param {Hole} hole
 * @param {number} nowMs
 * @param {number} ttlMs
 */
function stateAt({ state, dueMs, sinceMs }, nowMs, ttlMs) {
  if (dueMs === 0 || nowMs < dueMs) return state;
  return nowMs >= sinceMs + ttlMs ? 'lost' : 'open';
}

/**
 * @param {Hole[]} holes
 * @param {number} seq
 */
function without(holes, seq) {
  const at = holes.findIndex(({ from, to }) => from <= seq && seq <= to);
  const hole = holes[at];
  if (!hole) return holes;
  const rest = [
    { ...hole, to: seq - 1 },
    { ...hole, from: seq + 1 },
  ].filter(({ from, to }) => from <= to);
  return bounded([...holes.slice(0, at), ...rest, ...holes.slice(at + 1)]);
}

/**
 * Beyond the bound the oldest are forgotten.
 *
 * @param {Hole[]} holes
 */
const bounded = (holes) => (holes.length > HOLES ? holes.slice(-HOLES) : holes);

/**
 * @param {readonly DeviceNumbers[]} numbers
 * @param {(hole: Hole) => Hole} change
 * @returns {readonly DeviceNumbers[]}
 */
function mapHoles(numbers, change) {
  return numbers.reduce((all, entry) => {
    const holes = entry.holes.map(change);
    const same = holes.every((hole, i) => hole === entry.holes[i]);
    return same ? all : replaced(all, entry, { ...entry, holes });
  }, numbers);
}

/**
 * @param {readonly DeviceNumbers[]} numbers
 * @param {DeviceNumbers} before
 * @param {DeviceNumbers} after
 * @returns {readonly DeviceNumbers[]}
 */
function replaced(numbers, before, after) {
  if (after.holes === before.holes && after.next === before.next) return numbers;
  return numbers.map((entry) => (entry === before ? after : entry));
}
