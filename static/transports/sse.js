// Server-sent events: one answer that never ends, read by the browser's EventSource.

import { withQuery } from '../api.js';

export const slug = 'sse';
export const summary = 'One answer that never ends; the server writes into it.';
export const holds = true;
export const saysWhy = false;

const OPEN_TIMEOUT_MS = 10_000;

export function open({ room, as, after, on }) {
  const source = new EventSource(withQuery(`/api/rooms/${room}/events`, { as, after, presence: 0 }));
  const slow = setTimeout(() => end('no answer'), OPEN_TIMEOUT_MS);
  let ended = false;

  const close = () => {
    ended = true;
    clearTimeout(slow);
    source.close();
  };
  const end = (reason) => {
    if (ended) return;
    close();
    on.down(reason, {});
  };

  source.addEventListener('open', () => {
    clearTimeout(slow);
    on.up();
  });
  source.addEventListener('message', (event) => {
    // A closed source may still have events queued, and a block without data tells only a cursor.
    if (!ended && event.data) on.message(JSON.parse(event.data));
  });
  source.addEventListener('presence', (event) => {
    if (!ended) on.presence(JSON.parse(event.data));
  });
  // EventSource would reconnect by itself, at its own pace and with its own cursor (Last-Event-ID
  // wins over `after`). One place decides about that for all transports, so it is closed here.
  source.addEventListener('error', () => end('the stream ended'));

  return { close };
}
