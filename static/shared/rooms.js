// The rooms as the server tells them.

import { getJson, postJson } from './api.js';

/** As `as` sees them, or as whoever the browser's session says. */
export const allRooms = async (as) => (await getJson('/api/rooms', { query: { as } })).rooms;

export const createRoom = (room, as) => postJson('/api/rooms', room, { query: { as } });

/** The room of this name with its head, or undefined. */
export const findRoom = async (name, as) => (await allRooms(as)).find((room) => room.name === name);
