// How long to wait before trying again: exponential, capped, with full jitter, so that the
// pages of a whole class do not come back to a restarted server in the same instant.
// (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.)

const BASE_MS = 500;
const CAP_MS = 10_000;

/**
 * Milliseconds to wait after `failures` earlier failures; never less than the server asked for.
 * @param {number} failures
 * @param {number} [retryAfterSeconds]
 */
export function backoff(failures, retryAfterSeconds = 0) {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** failures);
  return retryAfterSeconds * 1000 + Math.random() * ceiling;
}
