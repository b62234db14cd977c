// A slider whose steps are factors: as far from 1 to 10 as from 10 to 100.

/** @typedef {{ lowest: number, highest: number, usual: number }} Scale */

export const STEPS = 120;

/**
 * The value of a step, with as many digits as a guess has.
 * @param {Scale} scale
 * @param {number} step
 */
export const fromStep = ({ lowest, highest }, step) => (
  Number((lowest * (highest / lowest) ** (step / STEPS)).toPrecision(2)));

/**
 * The step that is nearest to a value.
 * @param {Scale} scale
 * @param {number} value
 */
export const toStep = ({ lowest, highest }, value) => (
  Math.round((STEPS * Math.log(value / lowest)) / Math.log(highest / lowest)));
