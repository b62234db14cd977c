// The room of the race: found, or created.

/** @import { Room } from '../shared/types.js' */
/** @import { ApiError } from '../shared/api.js' */

import { createRoom, findRoom } from '../shared/rooms.js';

/**
 * The room with its head; `rooms` are those that there were just now.
 * @param {string} name
 * @param {Room[]} rooms
 * @returns {Promise<Room>}
 */
export async function findOrMakeRoom(name, rooms) {
  const found = rooms.find((room) => room.name === name);
  if (found) return found;
  try {
    await createRoom({ name });
  } catch (error) {
    const { status } = /** @type {ApiError} */ (error);
    if (status !== 409) throw error; // somebody else was quicker
  }
  return /** @type {Promise<Room>} */ (findRoom(name));
}
