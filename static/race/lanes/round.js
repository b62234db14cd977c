// Round numbers, for axes and heights.

const ROUND = [1, 2, 5, 10];

/**
 * The next of 1, 2 and 5 times a power of ten.
 * @param {number} least above 0
 */
export function roundUp(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (ROUND.find((each) => each * power >= least) ?? 10);
}
