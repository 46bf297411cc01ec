import { AnswerError, ApiError, NetworkError } from './errors.js';

const PROBLEM_PREFIX = 'urn:mp2p:problem:';

/** Time limits in ms. Argon2 on the server may queue (§20 point 2); a mailbox page may be large. */
export const QUICK = 15_000;
export const SLOW = 60_000;

/**
 * @typedef {object} Request
 * @property {string} method
 * @property {string} path begins with /api/
 * @property {string} [json] the body, exactly these bytes
 * @property {string} [token] access or PENDING token
 * @property {number} [limit] ms until the request is given up
 */

/**
 * One request to the own origin. Never a cookie, never a cache: nothing that lies in the browser is a login.
 *
 * @param {string} origin
 * @param {Request} request
 * @returns {Promise<any>} the JSON answer, or undefined for 204
 * @throws {ApiError | NetworkError | AnswerError}
 */
export async function send(origin, { method, path, json, token, limit = QUICK }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json, application/problem+json' };
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  const signal = AbortSignal.timeout(limit);
  const { status, text, retryAfter } = await answerOf(`${origin}${path}`, {
    method,
    headers,
    body: json,
    signal,
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
  });
  const body = parse(text);
  if (status >= 200 && status < 300) {
    if (text !== '' && body === undefined) throw new AnswerError('not JSON');
    return body;
  }
  throw new ApiError(status, slugOf(body), { retryAfter, body: isObject(body) ? body : {} });
}

/** @param {string} url @param {RequestInit} init */
async function answerOf(url, init) {
  try {
    const response = await fetch(url, init);
    return {
      status: response.status,
      text: await response.text(), // the signal covers the body too
      retryAfter: secondsOf(response.headers.get('Retry-After')),
    };
  } catch (cause) {
    throw new NetworkError(cause);
  }
}

/** @param {string} text @returns {unknown} undefined if it is not JSON */
function parse(text) {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {unknown} body */
function slugOf(body) {
  const type = isObject(body) ? body.type : undefined;
  return typeof type === 'string' && type.startsWith(PROBLEM_PREFIX) ? type.slice(PROBLEM_PREFIX.length) : '';
}

/** @param {string | null} header the form in seconds; the form with a date is not used by our services */
function secondsOf(header) {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
