/**
 * A rough count of the guesses that an informed attacker needs: known words, sequences, repeats, keyboard rows and
 * years are worth little, whatever is left is worth what its alphabet gives. It errs low rather than high. It knows
 * nothing of leaks, and the form says so.
 */

const SHORTEST = 12;

/** Bases of the passwords seen most often in leaks, and words of this page. */
const WORDS =
  `password passwort passwd pass secret login admin welcome letmein iloveyou love monkey dragon master sunshine princess
football baseball shadow superman batman michael jordan hunter trustno starwars whatever freedom flower summer winter
spring autumn january february march april may june july august september october november december monday friday hello
computer internet google facebook messenger message chat private security default changeme test user guest qwerty azerty
qwertz asdf zxcv login money cheese pokemon charlie jennifer`.split(/\s+/);
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '0123456789',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
];
const LOOKS_LIKE = /** @type {Record<string, string>} */ ({
  0: 'o',
  1: 'l',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
  '!': 'i',
});
const LEVELS = [38, 55, 75];

/** Characters as a person counts them. @param {string} password */
export const lengthOf = (password) => [...password.normalize('NFKC')].length;

/** @param {string} password */
export const isLongEnough = (password) => lengthOf(password) >= SHORTEST;

/**
 * 1 too easy to guess, 2 fair, 3 good, 4 strong.
 * @param {string} password
 * @param {string} [username]
 */
export function strengthOf(password, username = '') {
  const bits = bitsOf(password, username);
  return 1 + LEVELS.filter((least) => bits >= least).length;
}

/**
 * @param {string} password
 * @param {string} [username]
 */
export function bitsOf(password, username = '') {
  const characters = [...password.normalize('NFKC')];
  const perCharacter = Math.log2(alphabetOf(password));
  const known = username.length >= 3 ? [...WORDS, username.toLowerCase()] : WORDS;
  let bits = 0;
  for (let at = 0; at < characters.length; ) {
    const rest = characters.slice(at);
    const piece = [
      repeat(rest),
      repeatedBlock(rest, characters.slice(0, at)),
      word(rest, known),
      year(rest),
      row(rest),
    ]
      .filter((found) => found !== null)
      .sort((a, b) => b.length - a.length)[0] ?? { length: 1, bits: perCharacter };
    bits += Math.min(piece.bits, piece.length * perCharacter);
    at += piece.length;
  }
  return bits;
}

/** @param {string} password */
function alphabetOf(password) {
  /** @type {[RegExp, number][]} */
  const kinds = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[ !-/:-@[-`{-~]/, 33],
    [/[^ -~]/, 60],
  ];
  const size = kinds.reduce((sum, [kind, count]) => sum + (kind.test(password) ? count : 0), 0);
  // Words are not random letters: even an unknown one carries far less than log2(26) a letter.
  return /^[a-z ]*$/i.test(password) ? Math.min(size, 8) : Math.max(size, 2);
}

/** "aaaa" @param {string[]} rest */
function repeat(rest) {
  const length = rest.findIndex((character) => character !== rest[0]);
  const run = length < 0 ? rest.length : length;
  return run >= 3 ? { length: run, bits: 5 + Math.log2(run) } : null;
}

/** "abcabc": a piece of three or more that was there before. @param {string[]} rest @param {string[]} before */
function repeatedBlock(rest, before) {
  const past = before.join('').toLowerCase();
  let length = 0;
  while (
    length < rest.length &&
    past.includes(
      rest
        .slice(0, length + 1)
        .join('')
        .toLowerCase(),
    )
  )
    length++;
  return length >= 3 ? { length, bits: 3 + Math.log2(before.length) } : null;
}

/** A known word, also with capitals and look-alikes. @param {string[]} rest @param {string[]} words */
function word(rest, words) {
  const plain = rest.map((character) => LOOKS_LIKE[character] ?? character.toLowerCase()).join('');
  const literal = rest.join('').toLowerCase();
  const longest = words
    .filter((known) => plain.startsWith(known) || literal.startsWith(known))
    .sort((a, b) => b.length - a.length)[0];
  if (!longest) return null;
  const changed =
    literal.startsWith(longest) && rest.slice(1, longest.length).join('') === longest.slice(1) ? 0 : 2;
  return { length: longest.length, bits: 7 + changed };
}

/** 1900–2099 @param {string[]} rest */
function year(rest) {
  return /^(19|20)\d\d/.test(rest.join('')) ? { length: 4, bits: 7 } : null;
}

/** "defg", "4321", "asdf": along a row of the alphabet or the keyboard, either way. @param {string[]} rest */
function row(rest) {
  const text = rest.join('').toLowerCase();
  let longest = 0;
  for (const forward of ROWS) {
    for (const line of [forward, [...forward].reverse().join('')]) {
      const start = line.indexOf(text[0] ?? '\0');
      if (start < 0) continue;
      let length = 0;
      while (length < text.length && line[start + length] === text[length]) length++;
      longest = Math.max(longest, length);
    }
  }
  return longest >= 3 ? { length: longest, bits: 6 + Math.log2(longest) } : null;
}
