// The room that is raced in: found, or made.

import { createRoom, findRoom } from '../shared/rooms.js';

/** The room with its head. */
export async function findOrMakeRoom(name) {
  const found = await findRoom(name);
  if (found) return found;
  try {
    await createRoom({ name });
  } catch (error) {
    if (error.status !== 409) throw error; // somebody else was quicker
  }
  return findRoom(name);
}
