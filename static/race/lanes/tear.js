// Where the race went over to another line: what was open is torn off there, in all lanes.

/** @import { Change } from '../record/record.js' */
/** @import { Pen } from './canvas-pen.js' */
/** @import { View } from './lane-drawing.js' */

/** Half the width of the jagged stroke, and the height of a tooth. */
const [WIDE, TOOTH] = [3, 5];
/** A name reaches so far to the right, in the height of the text. */
const NAME_EM = 16;

/**
 * @param {Pen} pen
 * @param {Change[]} changes
 * @param {View} view
 */
export function drawTears(pen, changes, { x, from, end, top, bottom, scale }) {
  const count = 2 * Math.max(1, Math.round((bottom - top) / (2 * TOOTH * scale)));
  const tooth = (bottom - top) / count;
  for (const { at } of changes) {
    if (at < from || at > end) continue;
    for (let index = 0; index < count; index += 1) {
      const side = index % 2 ? WIDE : -WIDE;
      pen.line('torn', x(at) + side * scale, top + index * tooth, x(at) - side * scale, top + (index + 1) * tooth);
    }
  }
}

/**
 * The names of the lines that came then, above the lane.
 * @param {Pen} pen
 * @param {Change[]} changes
 * @param {View} view
 * @param {number} textPx
 */
export function nameTears(pen, changes, { x, from, end, top, scale }, textPx) {
  for (const { at, to } of changes) {
    // A part of the lanes has the name of a tear left of it, as far as it reaches.
    const isSeen = at <= end && x(at) > x(from) - NAME_EM * textPx;
    if (isSeen) pen.text(to, x(at) + WIDE * scale, top / 2, 'left');
  }
}
