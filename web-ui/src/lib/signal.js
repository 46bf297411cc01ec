/**
 * Values that tell who depends on them. A change marks what depends on it and computes nothing; reading brings a value
 * up to date, so nobody ever sees a mixture of old and new ("glitch"). Compared with @preact/signals-core in the test.
 */

const CLEAN = 0;
const MAYBE = 1; // a source may have changed: ask it first
const DIRTY = 2;
const MAX_ROUNDS = 100;

/** @type {Computed<any> | Effect | null} */
let reader = null;
let depth = 0;
/** Counts writes: a computed that nobody observes is up to date while it stands still. */
let writes = 0;
/** @type {Set<Effect>} */
const pending = new Set();

/** @template T */
export class Signal {
  /** @type {Set<Computed<any> | Effect>} */
  observers = new Set();
  #value;

  /** @param {T} value */
  constructor(value) {
    this.#value = value;
  }

  get value() {
    track(this);
    return this.#value;
  }

  set value(value) {
    if (reader instanceof Computed) throw new Error('a computed value must not write signals');
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    writes++;
    batch(() => {
      for (const observer of this.observers) observer.stale(DIRTY);
    });
  }

  /** The value, without depending on it. */
  peek() {
    return this.#value;
  }

  refresh() {}
  /** @param {Computed<any> | Effect} observer */
  unobserve(observer) {
    this.observers.delete(observer);
  }
}

/** What reads signals: keeps the set of sources of its last run. */
class Reader {
  /** @type {Set<Signal<any> | Computed<any>>} */
  sources = new Set();
  state = DIRTY;

  /**
   * Runs `fn` and subscribes to what it reads.
   * @template R
   * @this {Computed<any> | Effect}
   * @param {() => R} fn
   * @param {boolean} subscribe
   */
  collect(fn, subscribe) {
    const outer = reader;
    const before = this.sources;
    this.sources = new Set();
    reader = this;
    try {
      return fn();
    } finally {
      reader = outer;
      for (const source of before) if (!this.sources.has(source)) source.unobserve(this);
      if (subscribe) for (const source of this.sources) source.observers.add(this);
    }
  }

  /** Whether a run is needed: DIRTY, or MAYBE and a source turns out to have changed. */
  needsRun() {
    if (this.state === MAYBE) {
      for (const source of this.sources) {
        source.refresh();
        if (/** @type {number} */ (this.state) === DIRTY) break;
      }
    }
    return this.state === DIRTY;
  }
}

/** @template T */
export class Computed extends Reader {
  /** @type {Set<Computed<any> | Effect>} */
  observers = new Set();
  #fn;
  #seenWrites = -1;
  #running = false;
  /** @type {{value: T} | {error: unknown} | undefined} */
  #result;

  /** @param {() => T} fn */
  constructor(fn) {
    super();
    this.#fn = fn;
  }

  /** @returns {T} */
  get value() {
    const newcomer = track(this) ? reader : null;
    return this.#read(newcomer);
  }

  peek() {
    return untracked(() => this.#read(null));
  }

  /**
   * @param {Computed<any> | Effect | null} newcomer who reads it for the first time in this run
   * @returns {T}
   */
  #read(newcomer) {
    if (this.#running) throw new Error('a computed value depends on itself');
    this.refresh(newcomer);
    const result = /** @type {{value: T} | {error: unknown}} */ (this.#result);
    if ('error' in result) throw result.error;
    return result.value;
  }

  /** @param {Computed<any> | Effect | null} [newcomer] has seen no older value, so nothing changed for it */
  refresh(newcomer) {
    const observed = this.observers.size > 0;
    if (observed ? !this.needsRun() : this.#seenWrites === writes) {
      if (observed) this.state = CLEAN;
      return;
    }
    const before = this.#result;
    this.#running = true;
    try {
      this.#result = { value: this.collect(this.#fn, observed) };
    } catch (error) {
      this.#result = { error };
    } finally {
      this.#running = false;
    }
    // Without observers it is not subscribed either, and must compute again once it is observed.
    this.state = observed ? CLEAN : DIRTY;
    this.#seenWrites = writes;
    if (same(before, this.#result)) return;
    // Who is running now and has not come to it in this run will see this value.
    for (const observer of this.observers)
      if (observer !== newcomer && observer.sources.has(this)) observer.state = DIRTY;
  }

  /** @param {number} state */
  stale(state) {
    if (this.state >= state) return;
    const first = this.state === CLEAN;
    this.state = state;
    if (first) for (const observer of this.observers) observer.stale(MAYBE);
  }

  /**
   * Nobody looks any more: let go of the sources, so that a long-lived signal does not keep this one alive.
   * @param {Computed<any> | Effect} observer
   */
  unobserve(observer) {
    this.observers.delete(observer);
    if (this.observers.size > 0) return;
    for (const source of this.sources) source.unobserve(this);
    this.state = DIRTY;
  }
}

class Effect extends Reader {
  #fn;
  /** @type {void | (() => void)} */
  #cleanup = undefined;
  #disposed = false;

  /** @param {() => void | (() => void)} fn */
  constructor(fn) {
    super();
    this.#fn = fn;
  }

  run() {
    if (this.#disposed || !this.needsRun()) {
      this.state = CLEAN;
      return;
    }
    this.state = CLEAN;
    this.#clean();
    try {
      this.#cleanup = this.collect(this.#fn, true);
    } catch (error) {
      this.dispose();
      throw error;
    }
    if (this.#disposed) this.dispose();
  }

  /** @param {number} state */
  stale(state) {
    if (this.#disposed) return;
    this.state = Math.max(this.state, state);
    pending.add(this);
  }

  #clean() {
    const cleanup = this.#cleanup;
    this.#cleanup = undefined;
    if (typeof cleanup === 'function') untracked(cleanup);
  }

  dispose() {
    this.#disposed = true;
    for (const source of this.sources) source.unobserve(this);
    this.sources.clear();
    pending.delete(this);
    this.#clean();
  }
}

/** @param {Signal<any> | Computed<any>} source */
function track(source) {
  if (!reader || reader.sources.has(source)) return false;
  reader.sources.add(source);
  // Subscribed at once, so that the first read already happens as observed and is kept.
  if (reader instanceof Effect || reader.observers.size > 0) source.observers.add(reader);
  return true;
}

/**
 * @param {{value: unknown} | {error: unknown} | undefined} a
 * @param {{value: unknown} | {error: unknown} | undefined} b
 */
function same(a, b) {
  return !!a && !!b && 'value' in a && 'value' in b && Object.is(a.value, b.value);
}

/**
 * @template T
 * @param {T} value
 */
export const signal = (value) => new Signal(value);

/**
 * @template T
 * @param {() => T} fn
 */
export const computed = (fn) => new Computed(fn);

/**
 * Runs `fn` now and after each change of what it read. What it returns is run before the next time and at the end.
 * @param {() => void | (() => void)} fn
 * @returns {() => void} ends it
 */
export function effect(fn) {
  const made = new Effect(fn);
  batch(() => made.run());
  return () => made.dispose();
}

/**
 * Effects wait until the outermost batch ends.
 * @template R
 * @param {() => R} fn
 */
export function batch(fn) {
  depth++;
  try {
    return fn();
  } finally {
    if (depth === 1) flush();
    else depth--;
  }
}

/**
 * Reads without depending on what is read.
 * @template R
 * @param {() => R} fn
 */
export function untracked(fn) {
  const outer = reader;
  reader = null;
  try {
    return fn();
  } finally {
    reader = outer;
  }
}

/** Runs what is pending, with `depth` still 1: what effects write joins the same queue. */
function flush() {
  /** @type {unknown[]} */
  const errors = [];
  try {
    for (let round = 0; pending.size > 0; round++) {
      if (round === MAX_ROUNDS) {
        pending.clear();
        errors.push(new Error('effects keep changing what they read'));
      }
      const due = [...pending];
      pending.clear();
      for (const one of due) {
        try {
          one.run();
        } catch (error) {
          errors.push(error);
        }
      }
    }
  } finally {
    depth--;
  }
  if (errors.length > 0) throw errors[0];
}
