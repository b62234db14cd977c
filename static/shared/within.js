// Numbers that an address says.

/**
 * The number that `text` is, within its limits; the usual one if it is none.
 * @param {string | null} text
 * @param {{ lowest: number, highest: number, usual: number }} limits
 */
export function within(text, { lowest, highest, usual }) {
  const number = Number.parseFloat(text ?? '');
  return Number.isNaN(number) ? usual : Math.min(highest, Math.max(lowest, number));
}
