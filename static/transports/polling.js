// What short and long polling share: one request, and what its response means.
//
// With `bound` the polls carry a session that one server has made, as Engine.IO's do, to show what
// becomes of that where requests go to several servers. Nothing needs it.

/** @import { Arrived, Handle, OpenOptions, PollResponse, Query } from '../shared/types.js' */

import { getJson, postJson, withQuery } from '../shared/api.js';
import { Exchange } from './trace.js';

/**
 * A loop of polls, with its cursor and the version of presence that it has seen.
 * @typedef {OpenOptions & { stop: AbortController, version: number | undefined, isUp: boolean }} Run
 */

/**
 * Runs `round` again and again until closed or failed. `round(poll)` makes one request through
 * `poll(query, timeoutMs)` and may sleep; it resolves to whether more is due at once.
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
 * The query of polls that only the server which responds now understands.
 * @param {Run} run
 * @returns {Promise<Query>}
 */
async function bound({ query, stop }) {
  const { session } = await postJson('/api/bindings', undefined, { query, signal: stop.signal });
  return { ...query, session };
}

/**
 * One poll; resolves to whether the log has more than this response could carry.
 * @param {Run} run
 * @param {Query} more
 * @param {number} timeoutMs
 */
async function ask(run, more, timeoutMs) {
  const { room, after, query, version, stop, on } = run;
  const asked = { ...query, after, presence: version, limit: 500, ...more };
  const path = withQuery(`/api/rooms/${room}/messages`, asked);
  const exchange = new Exchange(on.trace, path);
  /** @type {PollResponse | null} */
  const response = await getJson(path, { signal: stop.signal, timeoutMs }).catch((error) => {
    if (!stop.signal.aborted) exchange.tell('failed', { reason: error.message });
    throw error;
  });
  if (stop.signal.aborted) return false;
  const messages = response?.messages ?? [];
  const arrived = exchange.tell('response', { status: response ? 200 : 204, messages: messages.length });
  if (!run.isUp) {
    run.isUp = true;
    on.up();
  }
  return response ? deliver(response, run, arrived) : false;
}

/**
 * @param {PollResponse} response
 * @param {Run} run
 * @param {Arrived} arrived
 */
function deliver(response, run, arrived) {
  const { stop, on } = run;
  for (const message of response.messages) {
    on.message(message, arrived);
    if (stop.signal.aborted) return false; // whoever took the message has moved on
    run.after = message.seq;
  }
  if (response.presence) {
    run.version = response.presence.version;
    on.presence(response.presence);
  }
  return response.messages.length > 0 && run.after < response.head;
}
