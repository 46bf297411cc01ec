import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { toBase64url } from '../crypto/bytes.js';
import { AnswerError, ApiError } from './errors.js';
import { Rest } from './rest.js';

const fetched = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = fetched;
});

const rest = new Rest('https://example.org', {
  token: async () => 'token',
  replace: async () => 'token',
  settleRevocation: async () => {},
});

/**
 * What the server answers to everything.
 *
 * @param {object} body
 * @param {ResponseInit} [init]
 */
function answers(body, init) {
  globalThis.fetch = async () => new Response(JSON.stringify(body), init);
}

const page = { items: [{ id: '7', envelope: toBase64url(Uint8Array.of(1, 2)) }], next: '7', drained: true };

describe('a page of the mailbox', () => {
  test('says how many envelopes have expired in all', async () => {
    answers({ ...page, expired: 12 });
    assert.deepEqual(await rest.collect(), {
      items: [{ id: '7', envelope: Uint8Array.of(1, 2) }],
      next: '7',
      drained: true,
      expired: 12,
    });
  });

  for (const expired of [undefined, null, -1, 0.5, '3', 2 ** 53])
    test(`is refused whole if it says ${JSON.stringify(expired)} of that`, async () => {
      answers({ ...page, expired });
      await assert.rejects(rest.collect(), AnswerError);
    });
});

describe('a refusal of the mailbox', () => {
  for (const status of [429, 503, 507])
    test(`by ${status} says when to come again`, async () => {
      answers(
        { type: 'urn:mp2p:problem:unavailable' },
        { status, headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '120' } },
      );
      await assert.rejects(rest.ack(['7']), (error) => {
        assert.ok(error instanceof ApiError);
        assert.deepEqual([error.status, error.slug, error.retryAfter], [status, 'unavailable', 120]);
        return true;
      });
    });

  test('in the words of a gateway is one all the same', async () => {
    globalThis.fetch = async () =>
      new Response('<html>507</html>', { status: 507, headers: { 'Retry-After': '5' } });
    await assert.rejects(rest.ack(['7']), (error) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.status, error.slug, error.retryAfter], [507, '', 5]);
      return true;
    });
  });
});
