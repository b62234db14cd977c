// Short polling: ask, get an answer at once (usually "nothing"), sleep, ask again.

import { pollingLoop } from './polling.js';
import { sleep } from '../shared/time.js';

export const slug = 'short_poll';
export const summary = 'Ask again and again; the answer comes at once, mostly empty.';
export const holds = false;
export const saysWhy = true;

const ANSWER_TIMEOUT_MS = 10_000;

export function open(options) {
  const { interval } = options.settings;
  const query = options.presence ? { interval } : {};
  return pollingLoop(options, async (poll, signal) => {
    const more = await poll(query, ANSWER_TIMEOUT_MS);
    if (!more) await sleep(interval * 1000, signal);
  });
}
