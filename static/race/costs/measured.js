// What a transport has cost so far, per message: what the verdict and the cost plane speak of.

/** @import { Figures, Tally } from '../../shared/types.js' */

/**
 * Undefined where nothing is known yet; `delay` is the mean, in ms, of this page's own messages.
 * @typedef {object} Measured
 * @property {number} [delay]
 * @property {number} [bytes] of the application, both ways
 * @property {number} [requests]
 * @property {number} [perAnswer] messages in a response that has any
 * @property {number} [emptyShare]
 */

/**
 * @param {Figures} figures of Meter
 * @param {Tally | null} counted of Counters
 * @returns {Measured}
 */
export function measured({ latency, messages, requests, answers, emptyShare }, counted) {
  const each = (/** @type {number | undefined} */ total) => (total !== undefined && messages ? total / messages : undefined);
  return {
    delay: latency.mean,
    bytes: each(counted ? counted.bytes_up + counted.bytes_down : undefined),
    requests: each(requests),
    perAnswer: answers ? messages / answers : undefined,
    emptyShare,
  };
}
