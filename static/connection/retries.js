// When a lost connection is tried again: after a wait that grows with each failure in a row.

import { backoff } from '../shared/backoff.js';

/** A connection that lived this long was a success: the next failure starts from the shortest wait. */
const STABLE_MS = 2000;

export class Retries {
  #failures = 0;
  /** @type {number | null} */
  #liveSince = null;
  /** @type {number | undefined} */
  #timer;

  /** It works from now on. */
  live() { this.#liveSince = performance.now(); }

  /** It does not work any more; returns whether it had. */
  lost() {
    const hadWorked = this.#liveSince !== null && performance.now() - this.#liveSince > STABLE_MS;
    if (hadWorked) this.#failures = 0;
    this.#liveSince = null;
    return hadWorked;
  }

  /**
   * Schedules another attempt; returns when, as Date.now() counts.
   * @param {() => void} attempt
   * @param {number} [retryAfter] seconds, which the server asked for
   */
  later(attempt, retryAfter) {
    const ms = backoff(this.#failures++, retryAfter);
    this.#timer = setTimeout(attempt, ms);
    return Date.now() + ms;
  }

  /** What failed until now was somebody else's fault. */
  forget() { this.#failures = 0; }

  stop() { clearTimeout(this.#timer); }
}
