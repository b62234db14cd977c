// The room that is raced in: found, or made; and why a connection to it can't be had.

import { getJson, postJson } from '../shared/api.js';
import { heldAccounts } from '../shared/session.js';

const find = async (name) => (await getJson('/api/rooms')).rooms.find((room) => room.name === name);

/** The room with its head. */
export async function enter(name) {
  const found = await find(name);
  if (found) return found;
  try {
    await postJson('/api/rooms', { name });
  } catch (error) {
    if (error.status !== 409) throw error; // somebody else was quicker
  }
  return find(name);
}

/** As connection.js wants it: null when it should work. */
export async function whyNot(name, after) {
  if ((await heldAccounts()).length === 0) return 'signed-out';
  const found = await find(name);
  if (!found) return 'no-room';
  return found.head < after ? 'stale-cursor' : null;
}
