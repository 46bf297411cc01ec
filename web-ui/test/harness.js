/**
 * The whole window over a core that lives in memory: `?scene=` chooses what it holds, `window.fake` drives it. For the
 * component tests and for looking at screens; not part of the product.
 */

import { Router } from '../src/lib/router.js';
import { CoreClient } from '../src/lib/rpc.js';
import { AppState } from '../src/state/app.js';
import '../src/ui/app/app-shell.js';
import { FakeCore } from './fake-core.js';
import { scenes } from './scenes.js';

const params = new URLSearchParams(location.search);
const { port1, port2 } = new MessageChannel();
const fake = new FakeCore(port2);
scenes[params.get('scene') ?? 'signedOut']?.(fake);
port1.start();
const core = new CoreClient();
core.connect(port1);
const app = new AppState(core, new Router(window), null);
Object.assign(window, { fake, app });
if (params.get('dir')) document.documentElement.dir = params.get('dir') ?? 'ltr';
/** @type {import('../src/ui/app/app-shell.js').AppShellElement} */ (
  document.querySelector('app-shell')
).follow(app);
app.begin();
addEventListener('pagehide', () => app.chats.flushDrafts());
