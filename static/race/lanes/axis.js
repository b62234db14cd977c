// The axis of time below the lanes: round steps, and what they count from.

import { duration } from '../../shared/units.js';
import { roundUp } from './round.js';

/** Room for a label, in the height of its text. */
const LABEL = 7.5;

/**
 * The ticks of a span: so many ms before its end, and what is said there.
 * @param {{ span: number, width: number, textPx: number, endName: string }} axis
 */
export function ticks({ span, width, textPx, endName }) {
  const step = roundUp((span * LABEL * textPx) / width);
  const found = [{ ago: 0, text: endName }];
  for (let ago = step; ago < span; ago += step) found.push({ ago, text: `−${duration(ago)}` });
  return found;
}
