// Short polling: a request, a response at once (usually an empty one), a pause, the next request.

/** @import { Handle, OpenOptions, Setting } from '../shared/types.js' */

import { sleep } from '../shared/time.js';
import { pollingLoop } from './polling.js';

export const slug = 'short_poll';
export const summary = 'A request every few seconds; the response comes at once, and is mostly empty.';
export const isPoll = true;
export const parks = false;
export const carriesBothWays = false;
export const holds = false;
export const whyItHoldsNone = 'a short poll holds none between its requests';

/** @type {Setting} */
export const setting = {
  name: 'interval', lowest: 0.2, highest: 30, step: 0.1, usual: 2,
  label: 'Ask', labelAmongAll: 'Short poll asks', read: (value) => `every ${value.toFixed(1)} s`,
};

const ANSWER_TIMEOUT_MS = 10_000;

/**
 * @param {OpenOptions} options
 * @returns {Handle}
 */
export function open(options) {
  const { interval } = options.settings;
  const query = options.presence ? { interval } : {};
  return pollingLoop(options, async (poll, signal) => {
    const more = await poll(query, ANSWER_TIMEOUT_MS);
    if (!more) await sleep(interval * 1000, signal);
  });
}
