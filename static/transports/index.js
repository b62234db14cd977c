// The four ways a room's log reaches this page, one module each, one interface for all.
//
//   open({ room, after, query, presence, settings, on }) -> { send?(draft), typing?(), close() }
//
//   room       the room's name
//   after      the cursor: the last `seq` this page has seen
//   query      what else every request says: `as` (the account), `tab` (see counters.js)
//   presence   whether to ask for the presence document too, and say how soon the next poll comes
//   settings   { interval, wait } in seconds; each module reads what concerns it
//   on.up()              the server has answered: this connection works
//   on.message(message, { exchange, at })  in `seq` order, each once
//   on.presence(document)
//   on.ack({ key, seq }), on.refused({ key, status, title, detail })
//                        the fate of a `send`, only where `send` exists
//   on.trace(event)      what went over the line as this page sees it, for meters and lanes:
//                        { kind, exchange, at, ... }, see trace.js
//   on.down(reason, { status, retryAfter })
//                        called once, at the end, and nothing after it. `status` is the HTTP
//                        status (401 for a socket closed with 4401) where one is known
//
// After close() nothing is called any more. A module never reconnects by itself: that is
// connection.js, once for all. `send` and `typing` exist where the connection carries both
// directions; for the others the page posts. Constants: `summary` is for people, `holds` says
// whether an open feed occupies one of the browser's six HTTP/1.1 connections, `saysWhy` whether
// a failure tells its HTTP status (browsers hide it for event streams and sockets).
//
// A new transport is one file and one line here.

import * as shortPoll from './short-poll.js';
import * as longPoll from './long-poll.js';
import * as sse from './sse.js';
import * as websocket from './websocket.js';

export const transports = new Map(
  [shortPoll, longPoll, sse, websocket].map((transport) => [transport.slug, transport]),
);
