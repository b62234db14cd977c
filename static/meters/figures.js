// The figures of one transport as text: what this page has seen of it, and what the server counted.

/** @import { Figures, Tally } from '../shared/types.js' */

import { bytes, count, milliseconds, requestRate, share } from '../shared/units.js';

/** In the order of the table: a name, and its label. A soft hyphen is where a narrow column may break it. */
export const COLUMNS = /** @type {const} */ ([
  ['last', 'latency, last'],
  ['p50', 'median'],
  ['p95', '95th per\u00adcentile'],
  ['requests', 'requests'],
  ['empty', 'empty respon\u00adses'],
  ['up', 'up per message'],
  ['down', 'down per message'],
  ['segments', 'seg\u00adments per message'],
  ['presence', 'presence, typing'],
]);

/** @typedef {typeof COLUMNS[number][0]} Column */

/**
 * `counted` is what Counters.of returns.
 * @param {Figures} figures
 * @param {Tally | null} counted
 * @returns {Record<Column, string>}
 */
export function figureTexts(figures, counted) {
  const { latency, emptyShare, messages } = figures;
  const each = (/** @type {number | undefined} */ total) => (total !== undefined && messages ? total / messages : undefined);
  return {
    last: milliseconds(latency.last),
    p50: milliseconds(latency.p50),
    p95: milliseconds(latency.p95),
    requests: requestRate(figures),
    empty: share(emptyShare),
    up: bytes(each(counted ? counted.bytes_up - counted.presence_bytes_up : undefined)),
    down: bytes(each(counted ? counted.bytes_down - counted.presence_bytes_down : undefined)),
    segments: count(each(counted ? counted.segments_up + counted.segments_down : undefined)),
    presence: bytes(counted ? counted.presence_bytes_up + counted.presence_bytes_down : undefined),
  };
}
