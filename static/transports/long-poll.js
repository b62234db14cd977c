// Long polling: ask, and let the server keep the question until there is something to say.

/** @import { Handle, OpenOptions, Setting } from '../shared/types.js' */

import { pollingLoop } from './polling.js';

export const slug = 'long_poll';
export const summary = 'Ask once; the server answers when there is something to say.';
export const isPoll = true;
export const parks = true;
export const carriesBothWays = false;
export const holds = true;
export const saysWhy = true;

/** @type {Setting} */
export const setting = {
  name: 'wait', lowest: 1, highest: 60, step: 1, usual: 25,
  label: 'Let it wait', labelAmongAll: 'Long poll waits', read: (value) => `up to ${value} s`,
};

/** How long after the longest wait an answer may still come before the line counts as dead. */
const GRACE_MS = 10_000;

/**
 * @param {OpenOptions} options
 * @returns {Handle}
 */
export function open(options) {
  const { wait } = options.settings;
  return pollingLoop(options, (poll) => poll({ wait }, wait * 1000 + GRACE_MS));
}
