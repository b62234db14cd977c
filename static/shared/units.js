// Figures as text, each with its unit; what is not known is a dash. And words that go with them.

export const UNKNOWN = '–';

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** @type {(text: (value: number) => string) => (value: number | undefined) => string} */
const known = (text) => (value) => (value === undefined || Number.isNaN(value) ? UNKNOWN : text(value));

/** Tenths while they say something, seconds where milliseconds do not any more. */
export const milliseconds = known((ms) => {
  if (ms >= 9999.5) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms.toFixed(ms < 99.95 ? 1 : 0)} ms`;
});

/** A whole number. */
export const whole = known((number) => grouped.format(number));

/** To the byte. */
export const exactBytes = known((count) => `${grouped.format(count)} B`);

/** As many digits as one reads at a glance. */
export const bytes = known((count) => {
  if (count < 9999.5) return `${count.toFixed(0)} B`;
  return count < 999_950 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;
});

export const share = known((part) => `${(part * 100).toFixed(0)} %`);

export const count = known((number) => number.toFixed(number < 99.95 ? 1 : 0));

/** @type {(number: number, one: string, many?: string) => string} */
export const plural = (number, one, many = `${one}s`) => `${grouped.format(number)} ${number === 1 ? one : many}`;

/**
 * A clause that stands for itself, as what the server says does; a sentence stays one.
 * @param {string} clause
 */
export const asSentence = (clause) => `${clause.slice(0, 1).toUpperCase()}${clause.slice(1)}${/[.!?…]$/.test(clause) ? '' : '.'}`;

/**
 * Requests, as Meter tells them: a rate once there was a minute, since one in the first second is not sixty.
 * @param {{ requests: number, seconds: number, requestsPerMinute?: number }} figures
 */
export function requestRate({ requests, seconds, requestsPerMinute }) {
  return seconds < 60 ? `${requests} in ${Math.round(seconds)} s` : `${count(requestsPerMinute)} a minute`;
}

/** A span of time on a scale, from microseconds to minutes, with as many digits as it needs. */
export const duration = known((ms) => {
  if (ms >= 119_500) return `${trimmed(ms / 60_000)} min`;
  if (ms >= 999.5) return `${trimmed(ms / 1000)} s`;
  return `${trimmed(ms)} ms`;
});

const trimmed = (/** @type {number} */ value) => String(Number(value.toPrecision(value < 100 ? 2 : 3)));
