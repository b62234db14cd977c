// Logarithmic scales, for charts and sliders: as far from 1 to 10 as from 10 to 100, so that a millisecond and ten
// seconds both have their place.

/** @typedef {{ to: (value: number) => number, from: (place: number) => number, ticks: number[] }} Scale */

/**
 * What lies beyond `lowest` and `highest` stands at the edge; `ticks` are the powers of ten between them.
 * @param {[lowest: number, highest: number]} values
 * @param {[first: number, last: number]} places
 * @returns {Scale}
 */
export function logarithmic([lowest, highest], [first, last]) {
  const unit = (last - first) / Math.log(highest / lowest);
  const kept = (/** @type {number} */ value) => Math.min(highest, Math.max(lowest, value));
  const ticks = [];
  for (let tick = 10 ** Math.ceil(Math.log10(lowest)); tick <= highest; tick *= 10) ticks.push(tick);
  return {
    to: (value) => first + unit * Math.log(kept(value) / lowest),
    from: (place) => kept(lowest * Math.exp((place - first) / unit)),
    ticks,
  };
}
