// A lane of more than can be told apart: how many messages came and how many requests were made in each
// of many small spans of time, instead of strokes that run into one another.

/** @import { LaneLog } from '../record/lane-log.js' */
/** @import { Pen } from './canvas-pen.js' */
/** @import { View } from './lane-drawing.js' */

/** A mark needs about so much room. */
const ROOM_PX = 6;
const BIN_PX = 10;
const GAP_PX = 2;

/**
 * Whether this span has too many marks for its width.
 * @param {LaneLog} log
 * @param {View} view
 * @param {number} width
 */
export function isCrowded(log, { from, end }, width) {
  const { exchanges, deliveries } = log.within(from, end);
  return Math.max(exchanges.length, deliveries.length) > width / ROOM_PX;
}

/**
 * Bars: from below the messages that came, from above the requests.
 * @param {Pen} pen
 * @param {LaneLog} log
 * @param {View} view
 */
export function drawCrowd(pen, log, view) {
  const { x, from, end, top, bottom } = view;
  const bin = ((end - from) / (x(end) - x(from))) * BIN_PX;
  const { exchanges, deliveries } = log.within(from, end);
  const come = counts(deliveries.map(({ at }) => at), bin, view);
  const asked = counts(exchanges.map(({ at }) => at), bin, view);
  const unit = (bottom - top) / Math.max(1, ...come.values(), ...asked.values());
  for (const [index, count] of asked) drawBar(pen, x(index * bin), top, count * unit * 0.5, true);
  for (const [index, count] of come) drawBar(pen, x(index * bin), bottom - count * unit, count * unit, false);
}

/** @type {(pen: Pen, x: number, y: number, height: number, isFaint: boolean) => void} */
const drawBar = (pen, x, y, height, isFaint) => pen.bar(x, y, BIN_PX - GAP_PX, height, isFaint);

/**
 * By the number of the bin since time began, so that bars move and do not flicker.
 * @param {number[]} instants
 * @param {number} bin
 * @param {View} view
 */
function counts(instants, bin, { from, end }) {
  /** @type {Map<number, number>} */
  const found = new Map();
  for (const at of instants) {
    const index = Math.floor(at / bin);
    if (at <= end && index * bin >= from) found.set(index, (found.get(index) ?? 0) + 1);
  }
  return found;
}
