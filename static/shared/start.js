// What a page needs to begin, in one request: behind a slow link, each that waits for another is seen.

/** @import { Query, Start } from './types.js' */

import { getJson } from './api.js';
import { knowIdentities } from './identities.js';
import { ofHistory } from './rooms.js';
import { knowServer } from './server-info.js';

/**
 * Who is signed in, and what they may see: for the account `as`, or the one that was signed in last, with the
 * newest `limit` messages of `room`, recorded for the inspector as what `tab` asked for. Afterwards the transports' identities and `serverInfo` are known.
 * @param {Query & { as?: string, room?: string, limit?: number, tab?: string }} [query]
 * @returns {Promise<Start>}
 */
export async function askStart(query) {
  /** @type {Start} */
  const start = await getJson('/api/start', { query });
  knowIdentities(start.transports);
  knowServer(start.server);
  return { ...start, rooms: ofHistory(start) };
}
