// Server-sent events: one response that never ends, read by the browser's EventSource.

/** @import { Handle, OpenOptions } from '../shared/types.js' */

import { withQuery } from '../shared/api.js';
import { Exchange } from './trace.js';

export const slug = 'sse';
export const summary = 'One response that never ends; the server appends each message to it.';
export const isPoll = false;
export const parks = false;
export const carriesBothWays = false;
export const holds = true;

const OPEN_TIMEOUT_MS = 10_000;

/**
 * @param {OpenOptions} options
 * @returns {Handle}
 */
export function open({ room, after, query, presence, on }) {
  const path = withQuery(`/api/rooms/${room}/events`, { ...query, after, presence: presence ? 0 : undefined });
  const exchange = new Exchange(on.trace, path);
  const source = new EventSource(path);
  const slow = setTimeout(() => end('no response'), OPEN_TIMEOUT_MS);
  let ended = false;

  const close = () => {
    ended = true;
    clearTimeout(slow);
    source.close();
  };
  const end = (/** @type {string} */ reason) => {
    if (ended) return;
    close();
    exchange.tell('failed', { reason });
    on.down(reason, {});
  };

  source.addEventListener('open', () => {
    clearTimeout(slow);
    exchange.tell('open');
    on.up();
  });
  source.addEventListener('message', (event) => {
    // A closed source may still have events queued, and a block without data has only a cursor.
    if (ended || !event.data) return;
    on.message(JSON.parse(event.data), exchange.tell('push', { messages: 1 }));
  });
  source.addEventListener('presence', (event) => {
    if (ended) return;
    exchange.tell('push', { messages: 0 });
    on.presence(JSON.parse(event.data));
  });
  // EventSource would reconnect by itself, at its own pace and with its own cursor (Last-Event-ID
  // wins over `after`). One place decides about that for all transports, so it is closed here.
  source.addEventListener('error', () => end('the stream ended'));

  return { close };
}
