// What the lens looks at: a live record, or a recorded one.

/** @import { Source } from '../lens/lens.js' */
/** @import { Record } from './record.js' */

/** Slow motion begins so long before a message is posted. */
const BEFORE_MS = 5;

/**
 * @param {Record} record
 * @returns {Source}
 */
export function liveSource(record) {
  const now = () => performance.now();
  const begin = () => Math.min(now(), record.begin);
  return { isLive: true, now, begin, cue: () => cueOf(record) ?? Math.max(begin(), now() - 1000) };
}

/**
 * @param {Record} record
 * @param {number} length in ms
 * @returns {Source}
 */
export function recordedSource(record, length) {
  return { isLive: false, now: () => length, begin: () => 0, cue: () => cueOf(record) ?? 0 };
}

/** @param {Record} record */
function cueOf({ sent }) {
  const posted = sent.at(-1)?.posted;
  return posted === undefined ? undefined : posted - BEFORE_MS;
}
