// The rooms, from the server.

/** @import { Room } from './types.js' */

import { getJson, postJson } from './api.js';

/** Where the race runs, unless its address names another room. */
export const RACE_ROOM = 'race';

/**
 * For the account `as`, or the one that was signed in last.
 * @type {(as?: string) => Promise<Room[]>}
 */
export const allRooms = async (as) => ofHistory(await getJson('/api/rooms', { query: { as } }));

/**
 * The rooms, each with the epoch of the history to which its head belongs.
 * @type {(list: { rooms: Room[], epoch: string | null }) => Room[]}
 */
export const ofHistory = ({ rooms, epoch }) => rooms.map((room) => ({ ...room, epoch: epoch ?? '' }));

/** @type {(room: { name: string, title?: string }, as?: string) => Promise<Room>} */
export const createRoom = (room, as) => postJson('/api/rooms', room, { query: { as } });

/**
 * The room of this name with its head, or undefined.
 * @type {(name: string, as?: string) => Promise<Room | undefined>}
 */
export const findRoom = async (name, as) => (await allRooms(as)).find((room) => room.name === name);

/**
 * Whether a room is one of those that the race makes: `race`, or what its address names, `race-` and more.
 * @param {string} name
 */
export const isRaceRoom = (name) => name === RACE_ROOM || name.startsWith(`${RACE_ROOM}-`);
