// The ways a room's log reaches this page, one module each, one interface for all (TransportModule
// of shared/types.d.ts).
//
//   open({ room, after, query, presence, settings, bound, on }) -> { send?(draft), typing?(), close() }
//
//   room       the room's name
//   after      the cursor: the last `seq` this page has seen
//   query      what else every request says: `as` (the account), `tab` (see meters/counters.js)
//   presence   whether to ask for the presence document too, and say how soon the next poll comes
//   settings   the values of the transports' settings, in seconds; each module reads its own
//   bound      whether polls are bound to a session: see polling.js
//   on.up()              the server has responded: this connection works
//   on.message(message, { exchange, at })  in `seq` order, each once
//   on.presence(document)
//   on.ack({ key, seq }), on.refused({ key, status, title, detail })
//                        the fate of a `send`, only where `send` exists
//   on.trace(event)      what was sent and received, as this page sees it, for meters and lanes:
//                        { kind, exchange, at, ... }, see trace.js
//   on.down(reason, { status, retryAfter })
//                        called once, at the end, and nothing after it. `status` is the HTTP
//                        status (401 for a socket closed with 4401) where one is known
//
// After close() nothing is called any more. A module never reconnects by itself: that is
// connection/connection.js, once for all. For those without `send` and `typing` the page posts.
//
// Constants, which are all that the rest of the pages knows of a transport:
//
//   slug, summary     its name in the interface, and a sentence about it
//   isPoll            messages come in responses, each of which ends: so one proves that nothing holds them back
//   parks             the server may park a request until there is a message
//   carriesBothWays   `send` and `typing` exist
//   holds             an open feed occupies one of the browser's six HTTP/1.1 connections
//   whyItHoldsNone    else why not, as a clause
//   setting           its number, if it has one, for a slider
//
// A new transport is one file, and here its import and its place in the list, which is the order in
// which Auto prefers them: the best last, the one that works nearly everywhere first.

/** @import { Setting, TransportModule } from '../shared/types.js' */

import * as longPoll from './long-poll.js';
import * as shortPoll from './short-poll.js';
import * as sse from './sse.js';
import * as websocket from './websocket.js';

/** @type {TransportModule[]} */
const all = [
  shortPoll,
  longPoll,
  sse,
  websocket,
];

/** By slug. */
export const transports = new Map(all.map((transport) => [transport.slug, transport]));

/**
 * A transport that this page has a module for.
 * @param {string} slug
 * @returns {TransportModule}
 */
export function transportOf(slug) {
  const found = transports.get(slug);
  if (!found) throw new Error(`no transport ${slug}`);
  return found;
}

/** From the best to the one that works nearly everywhere. */
export const ladder = all.map(({ slug }) => slug).reverse();

/** The best that takes none of the browser's few connections: a poll that never waits is one, at least. */
export const bestThatHoldsNone = /** @type {TransportModule} */ (ladder.map(transportOf).find(({ holds }) => !holds));

/** @type {Setting[]} */
export const transportSettings = all.flatMap(({ setting }) => setting ?? []);
