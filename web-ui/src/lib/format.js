/** Times and days in the reader's language; formatters are made once, since making one costs more than using it. */

const DAY = 86_400_000;

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {Intl.DateTimeFormatOptions} options */
function formatOf(options) {
  const locale = document.documentElement.lang || undefined;
  const key = `${locale} ${JSON.stringify(options)}`;
  const found = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, found);
  return found;
}

/** @param {number} ms */
export const time = (ms) =>
  formatOf({ hour: '2-digit', minute: '2-digit', hourCycle: hourCycle() }).format(ms);

/** @param {number} ms */
export const dateAndTime = (ms) =>
  formatOf({ dateStyle: 'full', timeStyle: 'short', hourCycle: hourCycle() }).format(ms);

/** @param {number} ms */
export const shortDateAndTime = (ms) =>
  formatOf({
    day: '2-digit',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: hourCycle(),
  }).format(ms);

/** The catalogue is in English, the reader may be anywhere: the clock follows the browser, not the catalogue. */
function hourCycle() {
  return new Intl.DateTimeFormat(navigator.language, { hour: 'numeric' }).resolvedOptions().hourCycle;
}

/**
 * Midnight of that day here: the key of a day.
 * @param {number} ms
 */
export function startOfDay(ms) {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/**
 * How far a day is from today, as days of the calendar (a day of 23 hours is a day).
 * @param {number} ms
 * @param {number} now
 */
export function daysAgo(ms, now) {
  return Math.round((startOfDay(now) - startOfDay(ms)) / DAY);
}

/**
 * The date, with its year if that is another one.
 * @param {number} ms
 * @param {number} now
 */
export function date(ms, now) {
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return formatOf({ day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(ms);
}

/**
 * "Today", "Yesterday", the weekday within a week, else the date.
 * @param {number} ms
 * @param {number} now
 * @param {{today: string, yesterday: string}} words
 */
export function day(ms, now, words) {
  const ago = daysAgo(ms, now);
  if (ago === 0) return words.today;
  if (ago === 1) return words.yesterday;
  if (ago > 1 && ago < 7) return formatOf({ weekday: 'long' }).format(ms);
  return date(ms, now);
}

/**
 * The same in the little room of a list row: the time today, then "Yesterday", weekday, date.
 * @param {number} ms
 * @param {number} now
 * @param {{yesterday: string}} words
 */
export function brief(ms, now, words) {
  const ago = daysAgo(ms, now);
  if (ago <= 0) return time(ms);
  if (ago === 1) return words.yesterday;
  if (ago < 7) return formatOf({ weekday: 'short' }).format(ms);
  return formatOf({ dateStyle: 'short' }).format(ms);
}
