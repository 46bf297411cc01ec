import { h } from '../../lib/dom.js';

const LINK = /https?:\/\/[^\s<>"]+/g;
const TRAILING = /[.,;:!?'")\]}…]+$/;
const PICTURES =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\s)+$/u;
const MOST_PICTURES = 3;
const LONG = { characters: 3000, lines: 40 };

/**
 * The text with its links. A host that is not plain ASCII is followed by what it really is: letters of several
 * scripts can look like a name that one knows.
 * @param {string} text
 * @returns {(string | Node)[]}
 */
export function withLinks(text) {
  /** @type {(string | Node)[]} */
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const typed = match[0].replace(TRAILING, '');
    if (!URL.canParse(typed)) continue;
    const url = new URL(typed);
    const real = /^[\x20-\x7e]*$/.test(hostTyped(typed)) ? '' : ` (${url.hostname})`;
    pieces.push(text.slice(end, match.index));
    pieces.push(h('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer' }, typed + real));
    end = match.index + typed.length;
  }
  pieces.push(text.slice(end));
  return pieces.filter((piece) => piece !== '');
}

/** @param {string} address */
const hostTyped = (address) => address.split('/')[2] ?? '';

/** One to three emoji and nothing else: shown large. @param {string} text */
export function isPictures(text) {
  if (
    text.length > 60 ||
    !/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(text) ||
    !PICTURES.test(text)
  )
    return false;
  const signs = [...new Intl.Segmenter().segment(text)].filter(({ segment }) => segment.trim() !== '');
  return signs.length <= MOST_PICTURES;
}

/** Worth a "Show more". @param {string} text */
export const isLong = (text) =>
  text.length > LONG.characters || text.split('\n', LONG.lines + 1).length > LONG.lines;
