// Times and sizes as text.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const bytes = (count) => `${whole.format(count)} B`;

/** Tenths of a millisecond while they say something, seconds where milliseconds do not any more. */
export function duration(ms) {
  if (ms >= 10_000) return `${tenth.format(ms / 1000)} s`;
  return `${(ms < 100 ? tenth : whole).format(ms)} ms`;
}

export const plural = (count, one, many = `${one}s`) => `${whole.format(count)} ${count === 1 ? one : many}`;
