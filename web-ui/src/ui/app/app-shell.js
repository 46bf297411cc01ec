import { t } from '../../i18n/index.js';
import { fill, h } from '../../lib/dom.js';
import { define, given, LiveElement } from '../../lib/element.js';
import { computed, untracked } from '../../lib/signal.js';
import { WelcomeElement } from '../auth/welcome.js';
import { nameOf } from '../chats/chat-name.js';
import { ConnectionBannerElement } from './banner.js';
import { NoticePageElement } from './notices.js';
import { ToastStackElement } from './toasts.js';
import { WorkspaceElement } from './workspace.js';

/** @import { AppState } from '../../state/app.js' */

/** Which screen is shown; the title of the page. */
export class AppShellElement extends LiveElement {
  /** @type {AppState | undefined} */
  app = given();
  #screen = h('div', { class: 'screen' });

  /** Begins to follow the state: the element stands in the page before there is one. @param {AppState} app */
  follow(app) {
    this.app = app;
    const banner = new ConnectionBannerElement();
    const toasts = new ToastStackElement();
    banner.connection = app.connection;
    toasts.faults = app.faults;
    this.replaceChildren(this.#screen, banner, toasts);
    const screen = computed(() => this.#kind(app));
    this.watch(() => {
      const kind = screen.value;
      untracked(() => fill(this.#screen, this.#make(app, kind)));
    });
    this.watch(() => {
      banner.classList.toggle('visually-hidden', screen.value !== 'workspace');
    });
    this.watch(() => {
      document.title = title(app);
    });
  }

  /** @param {AppState} app */
  #kind(app) {
    const screen = app.session.screen.value;
    if (screen === 'ready') return 'workspace';
    if (screen === 'signed-out' || screen === 'locked') return 'welcome';
    return screen;
  }

  /**
   * @param {AppState} app
   * @param {string} kind
   */
  #make(app, kind) {
    if (kind === 'workspace') return Object.assign(new WorkspaceElement(), { app });
    if (kind === 'welcome') return Object.assign(new WelcomeElement(), { session: app.session });
    return Object.assign(new NoticePageElement(), { app });
  }
}

/** Without names or numbers while locked. @param {AppState} app */
function title(app) {
  if (app.session.session.value.phase !== 'ready') return t('app.name');
  const chat = app.chats.byId.value.get(app.router.chatId.value ?? '');
  const plain = chat ? t('app.titleChat', { name: nameOf(chat), app: t('app.name') }) : t('app.name');
  const count = app.chats.unread.value;
  return count > 0 ? t('app.titleUnread', { count, title: plain }) : plain;
}

define('app-shell', AppShellElement);
