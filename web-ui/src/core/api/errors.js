/** The server answered with a refusal (RFC 9457; slugs in MP2P/1 §20). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} slug what follows `urn:mp2p:problem:`, or '' when the answer was not a problem document
   * @param {{ retryAfter?: number, body?: Record<string, any> }} [details] `retryAfter` in seconds
   */
  constructor(status, slug, { retryAfter, body = {} } = {}) {
    super(`server answered ${status} ${slug}`);
    this.name = 'ApiError';
    this.status = status;
    this.slug = slug;
    this.retryAfter = retryAfter;
    /** Members of the problem document beside `type`, such as `list_version`. */
    this.body = body;
  }

  /** @param {...string} slugs */
  is(...slugs) {
    return slugs.includes(this.slug);
  }
}

/** No answer: no network, server away, time limit. Whether the request arrived is not known. */
export class NetworkError extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super('no answer from the server', { cause });
    this.name = 'NetworkError';
  }
}

/** The server answered in a form that MP2P/1 §20 does not know. */
export class AnswerError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(`unexpected answer: ${message}`);
    this.name = 'AnswerError';
  }
}
