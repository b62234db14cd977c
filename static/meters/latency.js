// How long a message took, where this page can know it.

/** @import { Arrived, Message } from '../shared/types.js' */

/** The server's clock is this machine's there, so that its times can be held against this page's. */
const isSameMachine = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);

/**
 * In ms: one's own from pressing Send to being here; that of others from being accepted by the server,
 * on a server of this machine. Else undefined.
 * @param {Message} message
 * @param {Arrived} arrived
 * @param {{ sentAt?: number, isOwn: boolean }} known
 */
export function latencyOf({ sent_at: acceptedAt }, { at }, { sentAt, isOwn }) {
  if (sentAt !== undefined) return at - sentAt;
  if (isOwn || !isSameMachine) return undefined; // one's own from another tab would be measured otherwise
  return Math.max(0, performance.timeOrigin + at - Date.parse(acceptedAt));
}
