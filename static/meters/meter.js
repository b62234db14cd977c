// Counts requests, responses and messages of a transport from trace.js's events, and for how long it was in use.

/** @import { Figures, TraceEvent } from '../shared/types.js' */

/** The quantiles are over so many latest deliveries: enough for p95, and quick to sort. */
const REMEMBERED = 5000;

export class Meter {
  /** @type {number | null} */
  #since = performance.now(); // null while it rests
  #before = 0; // ms in use until it rested
  #requests = 0;
  #responses = 0;
  #empty = 0;
  #answers = 0;
  #messages = 0;
  /** @type {number[]} */
  #latencies = [];

  /** Begins anew. */
  reset() {
    this.#before = 0;
    if (this.#since !== null) this.#since = performance.now();
    this.#requests = this.#responses = this.#empty = this.#answers = this.#messages = 0;
    this.#latencies = [];
  }

  /** Another transport is in use from now on. */
  rest() {
    this.#before = this.#inUse();
    this.#since = null;
  }

  /** It is in use again. */
  resume() { this.#since ??= performance.now(); }

  #inUse() { return this.#before + (this.#since === null ? 0 : performance.now() - this.#since); }

  /** @param {TraceEvent} event */
  trace(event) {
    if (event.kind === 'request') this.#requests += 1;
    if (event.kind !== 'response') return;
    this.#responses += 1;
    if (event.messages === 0) this.#empty += 1;
    else this.#answers += 1;
  }

  /**
   * A message has arrived; `latencyMs` is undefined where this page does not know when it was sent.
   * @param {number | undefined} latencyMs
   */
  arrived(latencyMs) {
    this.#messages += 1;
    if (latencyMs === undefined) return;
    this.#latencies.push(latencyMs);
    if (this.#latencies.length > REMEMBERED) this.#latencies.shift();
  }

  /**
   * Since the reset.
   * @returns {Figures}
   */
  get figures() {
    const seconds = this.#inUse() / 1000;
    const sorted = [...this.#latencies].sort((a, b) => a - b);
    return {
      seconds,
      messages: this.#messages,
      requests: this.#requests,
      requestsPerMinute: seconds > 0 ? this.#requests / (seconds / 60) : undefined,
      answers: this.#answers,
      emptyShare: this.#responses ? this.#empty / this.#responses : undefined,
      latency: {
        count: sorted.length,
        last: this.#latencies.at(-1),
        mean: sorted.length ? sorted.reduce((sum, each) => sum + each, 0) / sorted.length : undefined,
        p50: quantile(sorted, 0.5),
        p95: quantile(sorted, 0.95),
      },
    };
  }
}

/**
 * The nearest-rank quantile of sorted values; undefined of none.
 * @param {number[]} sorted
 * @param {number} share
 * @returns {number | undefined}
 */
function quantile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
