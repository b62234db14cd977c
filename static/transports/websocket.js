// WebSocket: one connection that carries both directions, a frame a message.

import { withQuery } from '../shared/api.js';
import { Exchange } from './trace.js';

export const slug = 'websocket';
export const summary = 'One connection, both directions, a few bytes a message.';
export const holds = false; // browsers count sockets apart from the six HTTP connections
export const saysWhy = false;

const OPEN_TIMEOUT_MS = 10_000;
const SIGNED_OUT = 4401;

export function open({ room, after, query, presence, on }) {
  const path = withQuery(`/api/rooms/${room}/ws`, { ...query, after, presence: presence ? 0 : undefined });
  const exchange = new Exchange(on.trace, path);
  const socket = new WebSocket(address(path));
  const slow = setTimeout(() => end('no answer', {}), OPEN_TIMEOUT_MS);
  let ended = false;

  const close = () => {
    ended = true;
    clearTimeout(slow);
    socket.close();
  };
  const end = (reason, details) => {
    if (ended) return;
    close();
    exchange.tell('failed', { reason });
    on.down(reason, details);
  };
  const write = (frame) => socket.send(JSON.stringify(frame));

  socket.addEventListener('open', () => {
    clearTimeout(slow);
    if (ended) return;
    exchange.tell('open');
    on.up();
  });
  socket.addEventListener('message', (event) => {
    if (!ended) dispatch(JSON.parse(event.data), on, exchange);
  });
  socket.addEventListener('close', (event) => {
    end(`closed with ${event.code}`, event.code === SIGNED_OUT ? { status: 401 } : {});
  });

  return {
    send: (draft) => write({ send: draft }),
    typing: () => write({ typing: {} }),
    close,
  };
}

function dispatch(frame, on, exchange) {
  const arrived = exchange.tell('push', { messages: frame.message ? 1 : 0 });
  if (frame.message) on.message(frame.message, arrived);
  else if (frame.presence) on.presence(frame.presence);
  else if (frame.ack) on.ack(frame.ack);
  else if (frame.error) on.refused(frame.error);
}

function address(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}
