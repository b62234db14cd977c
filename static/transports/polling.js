// What short and long polling share: one request, and what its answer means.
//
// With `bound` the polls carry a session that one server has made, as Engine.IO's do, to show what
// becomes of that where requests go to several servers: it is for trying only.

/** @import { Arrived, Handle, OpenOptions, PollAnswer, Query } from '../shared/types.js' */

import { getJson, postJson, withQuery } from '../shared/api.js';
import { Exchange } from './trace.js';

/**
 * One that goes on, with its cursor and the presence that it has seen.
 * @typedef {OpenOptions & { stop: AbortController, version: number | undefined, isUp: boolean }} Run
 */

/**
 * Runs `round` again and again until closed or failed. `round(poll)` makes one request through
 * `poll(query, timeoutMs)` and may sleep; it gets whether more is due at once.
 * @param {OpenOptions} options
 * @param {(poll: (query: Query, timeoutMs: number) => Promise<boolean>, signal: AbortSignal) => Promise<unknown>} round
 * @returns {Handle}
 */
export function pollingLoop(options, round) {
  const stop = new AbortController();
  /** @type {Run} */
  const run = { ...options, stop, version: options.presence ? 0 : undefined, isUp: false };

  (async () => {
    if (options.bound) run.query = await bound(run);
    while (!stop.signal.aborted) await round((query, timeoutMs) => ask(run, query, timeoutMs), stop.signal);
  })().catch((error) => {
    if (stop.signal.aborted) return;
    stop.abort();
    options.on.down(error.message, { status: error.status, retryAfter: error.retryAfter });
  });

  return { close: () => stop.abort() };
}

/**
 * The query of polls that only the server understands which is asked now.
 * @param {Run} run
 * @returns {Promise<Query>}
 */
async function bound({ query, stop }) {
  const { session } = await postJson('/api/bindings', undefined, { query, signal: stop.signal });
  return { ...query, session };
}

/**
 * One poll; answers whether the log has more than this answer could carry.
 * @param {Run} run
 * @param {Query} more
 * @param {number} timeoutMs
 */
async function ask(run, more, timeoutMs) {
  const { room, after, query, version, stop, on } = run;
  const asked = { ...query, after, presence: version, limit: 500, ...more };
  const path = withQuery(`/api/rooms/${room}/messages`, asked);
  const exchange = new Exchange(on.trace, path);
  /** @type {PollAnswer | null} */
  const answer = await getJson(path, { signal: stop.signal, timeoutMs }).catch((error) => {
    if (!stop.signal.aborted) exchange.tell('failed', { reason: error.message });
    throw error;
  });
  if (stop.signal.aborted) return false;
  const messages = answer?.messages ?? [];
  const arrived = exchange.tell('answer', { status: answer ? 200 : 204, messages: messages.length });
  if (!run.isUp) {
    run.isUp = true;
    on.up();
  }
  return answer ? deliver(answer, run, arrived) : false;
}

/**
 * @param {PollAnswer} answer
 * @param {Run} run
 * @param {Arrived} arrived
 */
function deliver(answer, run, arrived) {
  const { stop, on } = run;
  for (const message of answer.messages) {
    on.message(message, arrived);
    if (stop.signal.aborted) return false; // whoever took the message has moved on
    run.after = message.seq;
  }
  if (answer.presence) {
    run.version = answer.presence.version;
    on.presence(answer.presence);
  }
  return answer.messages.length > 0 && run.after < answer.head;
}
