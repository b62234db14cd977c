// Why a connection fails, asked by a request of its own: browsers hide the status of a stream or socket that failed.

/** @import { Ending, Room } from '../shared/types.js' */

import { findRoom } from '../shared/rooms.js';
import { heldAccounts } from '../shared/session.js';

/**
 * One of connection.js's reasons to end, or null when it should work. Without `as`, any account does.
 * @param {Room} room
 * @param {number} after
 * @param {string} [as]
 * @returns {Promise<Ending | null>}
 */
export async function whyNot(room, after, as) {
  const accounts = await heldAccounts();
  const isSignedIn = accounts.some(({ username }) => as === undefined || username === as);
  if (!isSignedIn) return 'signed-out';
  const found = await findRoom(room.name, as);
  if (!found) return 'no-room';
  return found.epoch !== room.epoch || found.head < after ? 'stale-cursor' : null;
}
