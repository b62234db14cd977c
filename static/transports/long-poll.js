// Long polling: ask, and let the server keep the question until there is something to say.

import { pollingLoop } from './polling.js';

export const slug = 'long_poll';
export const summary = 'Ask once; the server answers when there is something to say.';
export const holds = true;
export const saysWhy = true;

/** How long after the longest wait an answer may still come before the line counts as dead. */
const GRACE_MS = 10_000;

export function open(options) {
  const { wait } = options.settings;
  return pollingLoop(options, (poll) => poll({ wait }, wait * 1000 + GRACE_MS));
}
