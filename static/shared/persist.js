// Tries again until the server responds: a page opened while it restarts comes up by itself.

/** @import { ApiError } from './api.js' */

import { backoff } from './backoff.js';
import { sleep } from './time.js';

/**
 * What `action` resolves to, once it does. `tell(error)` gets each failure. A client error is
 * final, and is thrown.
 * @template Result
 * @param {() => Promise<Result>} action
 * @param {(error: Error) => void} [tell]
 * @returns {Promise<Result>}
 */
export async function persist(action, tell = () => {}) {
  for (let failures = 0; ; failures += 1) {
    try {
      return await action();
    } catch (caught) {
      const error = /** @type {ApiError} */ (caught);
      tell(error);
      if (error.status && error.status < 500 && error.status !== 429) throw error;
      await sleep(backoff(failures, error.retryAfter));
    }
  }
}
