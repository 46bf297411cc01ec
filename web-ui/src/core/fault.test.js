import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerError, ApiError, NetworkError } from './api/errors.js';
import { ProtocolError } from './crypto/errors.js';
import { StorageError } from './db/storage-error.js';
import { CoreFault, faultOf } from './fault.js';

test('every kind of failure has its sentence', () => {
  /** @type {[unknown, import('./protocol.js').Fault][]} */
  const cases = [
    [new CoreFault('password-short'), { code: 'password-short' }],
    [new StorageError('storage-full', ''), { code: 'storage-full' }],
    [new StorageError('elsewhere', ''), { code: 'elsewhere' }],
    [new NetworkError(new TypeError('Failed to fetch')), { code: 'server-unreachable' }],
    [new ApiError(409, 'username-taken'), { code: 'username-taken' }],
    [new ApiError(401, 'credentials-wrong'), { code: 'credentials-wrong' }],
    [new ApiError(429, 'busy', { retryAfter: 3 }), { code: 'rate-limited', retryAfter: 3 }],
    [new ApiError(503, 'unavailable', { retryAfter: 5 }), { code: 'server-unavailable', retryAfter: 5 }],
    [new ApiError(502, ''), { code: 'server-unavailable' }],
    [new ApiError(422, 'dlc-invalid'), { code: 'defect' }],
    [new AnswerError('not JSON'), { code: 'server-unavailable' }],
    [new ProtocolError('E_KDF', ''), { code: 'kdf-refused' }],
    [new ProtocolError('E_DLC', ''), { code: 'identity-broken' }],
    [new TypeError('x is undefined'), { code: 'defect' }],
    ['thrown text', { code: 'defect' }],
  ];

  for (const [error, fault] of cases) assert.deepEqual(faultOf(error), fault);
});
