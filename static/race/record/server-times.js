// When something happened at the server, as far as a page can tell. It knows when it sent and when it
// received, not how long either way took. So each instant at the server is put halfway between what must
// have come before it and what must have come after it: never before its cause, never after its effect.

/** @import { LaneExchange } from './lane-log.js' */
/** @import { Sent } from './record.js' */

/**
 * When a message was stored: between its post and the first sign of it. `oneWay` is what is taken where there
 * is no sign yet, or where another page has posted it.
 * @param {Sent} message
 * @param {number} oneWay
 */
export function storedAt({ posted, acknowledged, first }, oneWay) {
  const sign = Math.min(acknowledged ?? Number.POSITIVE_INFINITY, first ?? Number.POSITIVE_INFINITY);
  if (posted === undefined) return sign - oneWay;
  return Number.isFinite(sign) ? posted + (sign - posted) / 2 : posted + oneWay;
}

/**
 * When a poll reached the server, and when its response left. The latter is undefined while it is out.
 * @param {LaneExchange} poll
 * @param {number} oneWay
 * @returns {{ reached: number, left?: number }}
 */
export function pollTimes({ at, endedAt, parks, outcome, carried }, oneWay) {
  if (endedAt === undefined) return { reached: at + oneWay };
  const half = (endedAt - at) / 2;
  const stored = Math.min(endedAt, Math.max(...carried.map((message) => storedAt(message, oneWay))));
  if (!parks) {
    const reached = Math.max(at + half, stored);
    return { reached, left: reached };
  }
  const leg = Math.min(oneWay, half);
  const reached = at + leg;
  if (outcome === 'message') return { reached, left: Math.max(reached, stored) };
  return { reached, left: outcome === 'empty' ? endedAt - leg : endedAt };
}
