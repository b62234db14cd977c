// Times of a story: relative to the step that brought the message, as finely as it says something.

const MICROSECOND = 0.001; // in ms

/**
 * "−312 µs", "+4.2 ms", "−1.24 s", and "0" for the step itself.
 * @param {number} ms
 */
export function relativeTime(ms) {
  if (Math.abs(ms) < MICROSECOND / 2) return '0';
  return `${ms < 0 ? '−' : '+'}${duration(Math.abs(ms))}`;
}

/**
 * With three digits, more or less.
 * @param {number} ms
 */
export function duration(ms) {
  if (ms < 0.9995) return `${Math.round(ms / MICROSECOND)} µs`;
  if (ms < 999.5) return `${ms.toPrecision(3)} ms`;
  return ms < 59_995 ? `${(ms / 1000).toPrecision(3)} s` : minutes(Math.round(ms / 1000));
}

/** @param {number} seconds */
const minutes = (seconds) => `${Math.floor(seconds / 60)} min ${seconds % 60} s`;

/**
 * The server's stamp in ms since 1970. Date.parse reads no microseconds.
 * @param {string} stamp
 */
export function stampMs(stamp) {
  const fraction = /\.(\d+)/.exec(stamp)?.[1] ?? '0';
  return Date.parse(stamp.replace(/\.\d+/, '')) + Number(`0.${fraction}`) * 1000;
}
