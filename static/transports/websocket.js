// WebSocket: one connection that carries both directions, a frame a message.

/** @import { DownDetails, Draft, Handle, OpenOptions, TransportListeners } from '../shared/types.js' */

import { withQuery } from '../shared/api.js';
import { Exchange } from './trace.js';

export const slug = 'websocket';
export const summary = 'One connection for both directions; a few bytes around each message.';
export const isPoll = false;
export const parks = false;
export const carriesBothWays = true;
export const holds = false;
export const whyItHoldsNone = 'sockets are counted apart';

const OPEN_TIMEOUT_MS = 10_000;
const SIGNED_OUT = 4401;
const OTHER_HISTORY = 4422;

/**
 * What the server says with the code of a close frame; all else is a connection that was lost.
 * @type {Record<number, string>}
 */
const ENDINGS = {
  1001: 'the server stopped',
  1011: 'the server could not read the messages',
  1013: 'this page was too slow',
  [SIGNED_OUT]: 'signed out',
  [OTHER_HISTORY]: 'the messages were restored',
};

/**
 * The status with which a request would be refused.
 * @type {Record<number, number>}
 */
const STATUSES = { [SIGNED_OUT]: 401, [OTHER_HISTORY]: 422 };

/**
 * @param {OpenOptions} options
 * @returns {Handle}
 */
export function open({ room, after, query, presence, on }) {
  const path = withQuery(`/api/rooms/${room}/ws`, { ...query, after, presence: presence ? 0 : undefined });
  const exchange = new Exchange(on.trace, path);
  const socket = new WebSocket(address(path));
  const slow = setTimeout(() => end('no response', {}), OPEN_TIMEOUT_MS);
  let ended = false;
  let wasOpen = false;

  const close = () => {
    ended = true;
    clearTimeout(slow);
    socket.close();
  };
  const end = (/** @type {string} */ reason, /** @type {DownDetails} */ details) => {
    if (ended) return;
    close();
    exchange.tell('failed', { reason });
    on.down(reason, details);
  };
  const write = (/** @type {{ send: Draft } | { typing: {} }} */ frame) => socket.send(JSON.stringify(frame));

  socket.addEventListener('open', () => {
    clearTimeout(slow);
    if (ended) return;
    wasOpen = true;
    exchange.tell('open');
    on.up();
  });
  socket.addEventListener('message', (event) => {
    if (!ended) dispatch(JSON.parse(event.data), on, exchange);
  });
  socket.addEventListener('close', (event) => {
    const lost = wasOpen ? 'the connection was lost' : 'no connection came about';
    end(ENDINGS[event.code] ?? lost, { status: STATUSES[event.code] });
  });

  return {
    send: (draft) => write({ send: draft }),
    typing: () => write({ typing: {} }),
    close,
  };
}

/**
 * @param {any} frame
 * @param {TransportListeners} on
 * @param {Exchange} exchange
 */
function dispatch(frame, on, exchange) {
  const arrived = exchange.tell('push', { messages: frame.message ? 1 : 0 });
  if (frame.message) on.message(frame.message, arrived);
  else if (frame.presence) on.presence(frame.presence);
  else if (frame.ack) on.ack(frame.ack);
  else if (frame.error) on.refused(frame.error);
}

/** @param {string} path */
function address(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}
