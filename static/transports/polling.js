// What short and long polling share: one request, and what its answer means.

import { getJson } from '../api.js';

/**
 * Runs `round` again and again until closed or failed. `round(poll)` makes one request through
 * `poll(query, timeoutMs)` and may sleep; it gets whether more is due at once.
 */
export function pollingLoop({ room, as, after, on }, round) {
  const stop = new AbortController();
  const state = { after, presence: 0, isUp: false };
  const poll = (query, timeoutMs) => ask({ room, as, state, stop, on }, query, timeoutMs);

  (async () => {
    while (!stop.signal.aborted) await round(poll, stop.signal);
  })().catch((error) => {
    if (stop.signal.aborted) return;
    stop.abort();
    on.down(error.message, { status: error.status, retryAfter: error.retryAfter });
  });

  return { close: () => stop.abort() };
}

/** One poll; answers whether the log has more than this answer could carry. */
async function ask({ room, as, state, stop, on }, query, timeoutMs) {
  const answer = await getJson(`/api/rooms/${room}/messages`, {
    query: { as, after: state.after, presence: state.presence, limit: 500, ...query },
    signal: stop.signal,
    timeoutMs,
  });
  if (stop.signal.aborted) return false;
  if (!state.isUp) {
    state.isUp = true;
    on.up();
  }
  return answer ? deliver(answer, state, stop, on) : false;
}

function deliver(answer, state, stop, on) {
  for (const message of answer.messages) {
    on.message(message);
    if (stop.signal.aborted) return false; // whoever took the message has moved on
    state.after = message.seq;
  }
  if (answer.presence) {
    state.presence = answer.presence.version;
    on.presence(answer.presence);
  }
  return answer.messages.length > 0 && state.after < answer.head;
}
