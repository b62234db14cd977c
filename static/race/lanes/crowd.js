// A lane of more than can be told apart: how many messages came and how many requests were made in each
// of many small spans of time, instead of strokes that run into one another.

/** @import { LaneLog } from '../record/lane-log.js' */
/** @import { Pen } from './canvas-pen.js' */
/** @import { View } from './lane-drawing.js' */

import { duration } from '../../shared/units.js';
import { roundUp } from './round.js';

/** A mark needs about so much room, in either half of what is shown. */
const ROOM_PX = 9;
const BIN_PX = 10;
const GAP_PX = 2;

/** A bar is of `bin` ms, and as high as the lane for `most`, a round number, so that it seldom means something else. */
/** @typedef {{ bin: number, most: number }} Crowd */

/**
 * How a lane is drawn that has too many marks for its width; null where it has not.
 * @param {LaneLog} log
 * @param {number} from
 * @param {number} end
 * @param {number} width
 * @returns {Crowd | null}
 */
export function crowdOf(log, from, end, width) {
  const { exchanges, deliveries } = log.within(from, end);
  const middle = (from + end) / 2;
  if (Math.max(inDenserHalf(exchanges, middle), inDenserHalf(deliveries, middle)) <= width / 2 / ROOM_PX) return null;
  const bin = ((end - from) / width) * BIN_PX;
  const counted = [...counts(deliveries, bin).values(), ...counts(exchanges, bin).values()];
  return { bin, most: roundUp(Math.max(...counted)) };
}

/**
 * @param {{ at: number }[]} events
 * @param {number} middle
 */
function inDenserHalf(events, middle) {
  const before = events.filter(({ at }) => at < middle).length;
  return Math.max(before, events.length - before);
}

/**
 * What the height of the bars says.
 * @param {Crowd | undefined} crowd
 */
export const crowdNote = (crowd) => (crowd ? ` a bar: ${duration(crowd.bin)}, up to ${crowd.most}` : '');

/**
 * Bars: from below the messages that came, from above the requests.
 * @param {Pen} pen
 * @param {LaneLog} log
 * @param {View} view
 * @param {Crowd} crowd
 */
export function drawCrowd(pen, log, view, { bin, most }) {
  const { x, from, end, top, bottom } = view;
  const { exchanges, deliveries } = log.within(from - bin, end);
  const unit = (bottom - top) / most;
  const width = x(bin) - x(0) - GAP_PX;
  for (const [index, count] of counts(exchanges, bin)) pen.bar(x(index * bin), top, width, count * unit * 0.5, true);
  for (const [index, count] of counts(deliveries, bin)) pen.bar(x(index * bin), bottom - count * unit, width, count * unit, false);
}

/**
 * By the number of the bin since time began, so that bars move and do not flicker.
 * @param {{ at: number }[]} events
 * @param {number} bin
 */
function counts(events, bin) {
  /** @type {Map<number, number>} */
  const found = new Map();
  for (const { at } of events) {
    const index = Math.floor(at / bin);
    found.set(index, (found.get(index) ?? 0) + 1);
  }
  return found;
}
