import type { AppState } from '../src/state/app.js';
import type { FakeCore } from './fake-core.js';

declare global {
  /** What test/harness.js puts on its window, for `page.evaluate`. */
  var fake: FakeCore;
  var app: AppState;
}
