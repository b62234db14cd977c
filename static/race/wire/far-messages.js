// What a race and the far end of its line (static/line) say to each other over their port. `id` is given by the race:
// to each reader, socket and post. Times are performance.now() of the far end.

/** @import { Draft, Room, SettingValues } from '../../shared/types.js' */

/** A reader's settings. */
/** @typedef {{ transport: string, values: SettingValues, bound: boolean }} Said */

/**
 * From the race.
 * @typedef {{ kind: 'read', id: number, room: Room, tab: string | null, after: number, settings: Said }
 *   | { kind: 'open', id: number }
 *   | { kind: 'set', id: number, settings: Said }
 *   | { kind: 'post', id: number, room: string, draft: Draft }
 *   | { kind: 'socket', id: number, room: string, after: number }
 *   | { kind: 'send', id: number, draft: Draft }
 *   | { kind: 'close', id: number }
 *   | { kind: 'offline', isCut: boolean }} Order
 */

/**
 * From the far end. An `event` is one of a reader's or a socket's listeners, with what it is called with.
 * @typedef {{ kind: 'ready', at: number, timeOrigin: number }
 *   | { kind: 'holders', held: number, holders: import('./wire.js').Holders['holders'] }
 *   | { kind: 'event', id: number, name: string, values: any[] }
 *   | { kind: 'posted', id: number, at: number }
 *   | { kind: 'refused', id: number, message: string, status: number | undefined }} Report
 */

export {};
