import { t } from '../../i18n/index.js';
import { h } from '../../lib/dom.js';

/** @import { ChatView } from '../../core/protocol.js' */

const TONES = 8;

/** The name that was checked with the server, else the beginning of the account id. @param {ChatView} chat */
export const nameOf = (chat) => chat.username || t('thread.unknownName', { id: chat.accountId.slice(0, 8) });

/** The first letter on a colour that belongs to the account. @param {ChatView} chat */
export function avatar(chat) {
  const letter = chat.username ? [...chat.username][0] : '?';
  const tone = [...chat.accountId].reduce((sum, character) => sum + character.charCodeAt(0), 0) % TONES;
  return h('span', { class: 'avatar', 'data-tone': tone, 'aria-hidden': 'true' }, letter);
}
