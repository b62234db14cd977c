// What a race reads and posts through: directly from this page (direct-wire.js), or over another line of this server,
// through a frame of that line's origin (framed-wire.js). A wire is for one line; the race changes from one to another.

/** @import { Ack, ConnectionNow, ConnectionSettings, Draft, Ending, Message, Refusal, Room, TraceEvent } from '../../shared/types.js' */
/** @import { Arrived } from '../../shared/types.js' */

/**
 * The events of a reader, as those of a connection. All times are performance.now() of the race's page.
 * @typedef {object} ReaderListeners
 * @property {(message: Message, arrived: Arrived) => void} message
 * @property {(event: TraceEvent) => void} trace
 * @property {(now: ConnectionNow) => void} state
 * @property {(why: Ending) => void} ended
 */

/**
 * One reader, from the cursor `after`; `tab` goes into its requests.
 * @typedef {object} ReaderOptions
 * @property {Room} room
 * @property {string | null} tab
 * @property {number} after
 * @property {ConnectionSettings} settings
 * @property {ReaderListeners} on
 */

/** Tells nothing more once it is closed. */
/** @typedef {{ open(): void, close(): void }} Reader */

/** `lost` is called once, when it is gone by itself. */
/** @typedef {{ up: () => void, ack: (ack: Ack) => void, refused: (refusal: Refusal) => void, lost: () => void }} SocketListeners */

/** A socket that carries what is sent, for streams that posts are too slow for. */
/** @typedef {{ send(draft: Draft): void, close(): void }} Socket */

/** How many connections the browser's tabs hold to this line's origin; dispatches `change`. */
/** @typedef {EventTarget & { held: number, holders: { what: string, count: number, isMine: boolean }[] }} Holders */

/**
 * `post` resolves to when (performance.now()) the server's response was here, or rejects with an ApiError. Posts that are
 * out when the wire is closed still come to their end.
 * @typedef {object} Wire
 * @property {Holders} holders
 * @property {(options: ReaderOptions) => Reader} read
 * @property {(room: string, draft: Draft) => Promise<number>} post
 * @property {(room: string, after: number, on: SocketListeners) => Socket} openSocket
 * @property {() => void} close
 */

export {};
