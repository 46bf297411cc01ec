import { signal } from '../lib/signal.js';

/** @import { CoreClient } from '../lib/rpc.js' */
/** @import { Settings } from '../core/protocol.js' */

/** What the user lets the paths do, as the core has it. */
export class SettingsState {
  /** Null until the core has told. @type {import('../lib/signal.js').Signal<Settings | null>} */
  current = signal(null);
  #core;

  /** @param {CoreClient} core */
  constructor(core) {
    this.#core = core;
    core.on('settings', (settings) => {
      this.current.value = settings;
    });
  }

  /** @param {Partial<Settings>} change */
  change(change) {
    return this.#core.call('changeSettings', change);
  }

  /** The core tells them anew when it is unlocked. */
  clear() {
    this.current.value = null;
  }
}
