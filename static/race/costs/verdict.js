// What came of the race, in words for each transport: how much slower than the fastest, how many bytes, and why.

/** @import { Measured } from './measured.js' */

import { identity } from '../../shared/identities.js';
import { duration } from '../../shared/units.js';
import { transportOf } from '../../transports/index.js';

/** Delays closer than this are one: no eye and hardly a mean of a few messages tells them apart. */
const [SAME_SHARE, SAME_MS] = [0.1, 3];
const SAME_BYTES = 1.05;
/** So many messages in an answer explain few bytes. */
const MANY = 1.5;

/**
 * @param {string} slug
 * @param {Map<string, Measured>} all by slug
 */
export function verdict(slug, all) {
  const mine = all.get(slug);
  if (mine?.delay === undefined) return 'No message of this page yet.';
  return `${delayWords(slug, mine.delay, all)} ${bytesWords(slug, mine, all)}`.trim();
}

/** @type {(slug: string, delay: number, all: Map<string, Measured>) => string} */
function delayWords(slug, delay, all) {
  const fastest = lowest(all, ({ delay: each }) => each);
  if (!fastest || fastest.slug === slug) return `The fastest: ${duration(delay)}.`;
  const more = delay - fastest.value;
  const name = identity(fastest.slug).name;
  if (more <= Math.max(SAME_MS, SAME_SHARE * fastest.value)) return `As fast as ${name}.`;
  return `${duration(more)} slower than ${name}${whySlower(slug)}.`;
}

/** @param {string} slug */
function whySlower(slug) {
  const { isPoll, parks } = transportOf(slug);
  if (!isPoll) return '';
  return parks ? ', as some fall between two polls' : ', as they wait for the next poll';
}

/** @type {(slug: string, measured: Measured, all: Map<string, Measured>) => string} */
function bytesWords(slug, { bytes, requests = 0, perAnswer = 1 }, all) {
  const fewest = lowest(all, ({ bytes: each }) => each);
  if (!fewest || bytes === undefined) return '';
  const { isPoll } = transportOf(slug);
  const many = isPoll && perAnswer >= MANY ? `: an answer carries ${short(perAnswer)} messages` : '';
  if (fewest.slug === slug) return `The fewest bytes${isPoll ? many : ': no requests'}.`;
  const times = bytes / fewest.value;
  const { name } = identity(fewest.slug);
  if (times < SAME_BYTES) return `As few bytes as ${name}.`;
  const whose = lowest(all, ({ delay }) => delay)?.slug === fewest.slug ? 'its bytes' : `the bytes of ${name}`;
  return `${short(times)} times ${whose}: ${isPoll ? `${short(requests)} requests a message` : 'each message is sent alone'}.`;
}

const short = (/** @type {number} */ value) => value.toFixed(value < 9.95 ? 1 : 0);

/**
 * @param {Map<string, Measured>} all
 * @param {(measured: Measured) => number | undefined} figure
 */
function lowest(all, figure) {
  let found = null;
  for (const [slug, measured] of all) {
    const value = figure(measured);
    if (value !== undefined && (!found || value < found.value)) found = { slug, value };
  }
  return found;
}
