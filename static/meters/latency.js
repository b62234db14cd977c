// How long a message took, where this page can know it.

/** @import { Arrived, Message } from '../shared/types.js' */

import { isLoopback } from '../shared/loopback.js';

/** The server's clock is this machine's there, so that its times can be held against this page's. */
const isSameMachine = isLoopback(location.hostname);

/**
 * In ms. Own messages: from pressing Send to the receipt. Those of others: from the server's stamp, where
 * the server is on this machine. Undefined otherwise.
 * @param {Message} message
 * @param {Arrived} arrived
 * @param {{ sentAt?: number, isOwn: boolean }} known
 */
export function latencyOf({ sent_at: acceptedAt }, { at }, { sentAt, isOwn }) {
  if (sentAt !== undefined) return at - sentAt;
  if (isOwn || !isSameMachine) return undefined; // one's own from another tab would be measured otherwise
  return Math.max(0, performance.timeOrigin + at - Date.parse(acceptedAt));
}
