// Long polling: one request, which the server parks until there is a message.

/** @import { Handle, OpenOptions, Setting } from '../shared/types.js' */

import { pollingLoop } from './polling.js';

export const slug = 'long_poll';
export const summary = 'One request waits at the server until there is a message; then comes the next.';
export const isPoll = true;
export const parks = true;
export const carriesBothWays = false;
export const holds = true;

/** @type {Setting} */
export const setting = {
  name: 'wait', lowest: 1, highest: 60, step: 1, usual: 25,
  label: 'Let it wait', labelAmongAll: 'Long poll waits', read: (value) => `up to ${value} s`,
};

/** How long after the longest wait a response may still come before the connection counts as dead. */
const GRACE_MS = 10_000;

/**
 * @param {OpenOptions} options
 * @returns {Handle}
 */
export function open(options) {
  const { wait } = options.settings;
  return pollingLoop(options, (poll) => poll({ wait }, wait * 1000 + GRACE_MS));
}
