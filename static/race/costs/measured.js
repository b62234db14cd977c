// What a transport has cost so far, per message: what the verdict and the cost plane speak of.

/** @import { Figures, Tally } from '../../shared/types.js' */

/**
 * Undefined where nothing is known yet; `delay` is the mean, in ms, of this page's own messages.
 * @typedef {object} Measured
 * @property {number} [delay]
 * @property {number} [bytes] of the application, both ways
 * @property {number} [requests]
 * @property {number} [perAnswer] messages in a response that has any
 */

/** What the server has counted, and how many messages had come by then. */
/** @typedef {{ tally: Tally, messages: number }} Counted */

/**
 * @param {Figures} figures of Meter
 * @param {Counted | null} counted
 * @returns {Measured}
 */
export function measured({ latency, messages, requests, answers }, counted) {
  const { tally, messages: then = 0 } = counted ?? {};
  return {
    delay: latency.mean,
    bytes: tally && then ? (tally.bytes_up + tally.bytes_down) / then : undefined,
    requests: messages ? requests / messages : undefined,
    perAnswer: answers ? messages / answers : undefined,
  };
}
