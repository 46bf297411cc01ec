/**
 * @typedef {'storage-full' | 'storage-broken' | 'elsewhere'} StorageErrorCode
 */

/** The database refused; nothing of the transaction was written. The code is the one the window shows. */
export class StorageError extends Error {
  /**
   * @param {StorageErrorCode} code
   * @param {string} message for developers, no content of rows
   * @param {{ cause?: unknown }} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = 'StorageError';
    this.code = code;
  }
}

/**
 * @param {unknown} cause what IndexedDB threw or aborted with
 * @returns {StorageError}
 */
export function toStorageError(cause) {
  if (cause instanceof StorageError) return cause;
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === 'QuotaExceededError') return new StorageError('storage-full', 'quota exceeded', { cause });
  return new StorageError('storage-broken', `IndexedDB failed: ${name || 'unknown'}`, { cause });
}
