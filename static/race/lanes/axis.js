// The axis of time below the lanes: round steps, and what they count from.

import { duration } from '../../shared/units.js';

/** Room for a label, in the height of its text. */
const LABEL = 7.5;
const ROUND = [1, 2, 5, 10];

/**
 * The ticks of a span: so many ms before its end, and what is said there.
 * @param {{ span: number, width: number, textPx: number, endName: string }} axis
 */
export function ticks({ span, width, textPx, endName }) {
  const step = roundStep((span * LABEL * textPx) / width);
  const found = [{ ago: 0, text: endName }];
  for (let ago = step; ago < span; ago += step) found.push({ ago, text: `−${duration(ago)}` });
  return found;
}

/**
 * The next of 1, 2, 5 times a power of ten.
 * @param {number} least
 */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (ROUND.find((each) => each * power >= least) ?? 10);
}
