import { Router } from './lib/router.js';
import { CoreClient } from './lib/rpc.js';
import { startCoreWorker } from './lib/trusted.js';
import { Calls } from './p2p/calls.js';
import { AppState } from './state/app.js';
import './ui/app/app-shell.js';

/** Boots the window: first the screen, then the worker, whose libsodium nobody needs to fill in a form. */
function boot() {
  const core = new CoreClient();
  const app = new AppState(core, new Router(window), storage());
  /** @type {import('./ui/app/app-shell.js').AppShellElement} */ (document.querySelector('app-shell')).follow(
    app,
  );
  app.begin();
  new Calls(core).begin();
  afterFirstPaint(() => core.connect(startCoreWorker()));

  addEventListener('online', () => app.connection.network(true));
  addEventListener('offline', () => app.connection.network(false));
  addEventListener('pagehide', () => app.chats.flushDrafts());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') app.chats.flushDrafts();
  });
  addEventListener('beforeunload', (event) => {
    if (app.messages.unsafe.peek()) event.preventDefault();
  });
}

/** A hidden page paints nothing, and need not wait for it. @param {() => void} then */
function afterFirstPaint(then) {
  if (document.hidden) then();
  else requestAnimationFrame(() => setTimeout(then));
}

/** Storage may be forbidden, and then even looking at it throws. */
function storage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

boot();
