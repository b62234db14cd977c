// Why a connection fails, asked by a request of its own: browsers hide the status of a stream or socket that failed.

/** @import { ApiError } from '../shared/api.js' */
/** @import { Ending, Room } from '../shared/types.js' */

import { getJson } from '../shared/api.js';
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
  if (found.epoch !== room.epoch) return 'stale-cursor';
  return found.head < after && (await isRefused(room, after, as)) ? 'stale-cursor' : null;
}

/**
 * Whether the server knows no such cursor. Asked for one beyond the head, it looks what another server has stored.
 * @param {Room} room
 * @param {number} after
 * @param {string} [as]
 */
async function isRefused({ name, epoch }, after, as) {
  const query = { as, after, epoch, limit: 1 };
  try {
    await getJson(`/api/rooms/${name}/messages`, { query });
    return false;
  } catch (error) {
    const { status } = /** @type {ApiError} */ (error);
    if (status !== 422) throw error;
    return true;
  }
}
