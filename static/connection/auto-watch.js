// Watches a push that is open and brings nothing: there may be nothing to bring, or a proxy holds it
// back, or the connection is dead. A request of its own asks the server which.

/** @import { Query, Room } from '../shared/types.js' */
/** @import { Connection } from './connection.js' */

import { getJson } from '../shared/api.js';
import { transportOf } from '../transports/index.js';

/** What the server says at once must be here by then, else somebody on the way keeps it. */
const PROOF_MS = 5000;
/** A push that has been silent for so long is checked. */
const CHECK_AFTER_MS = 15_000;
/** So long may what a check has found take to come by itself. */
const CHECK_GRACE_MS = 3000;
const CHECK_TIMEOUT_MS = 8000;

export class Watch {
  #connection;
  #condemn;
  /** @type {number | undefined} */
  #timer;
  #turn = 0; // of the check that counts; the response to an earlier one is ignored

  /**
   * `condemn(after, reason)` is called when the feed does not deliver, at this cursor.
   * @param {Connection} connection
   * @param {(after: number, reason: string) => void} condemn
   */
  constructor(connection, condemn) {
    this.#connection = connection;
    this.#condemn = condemn;
  }

  /** A push is being opened. */
  proof() { this.#in(PROOF_MS, 'nothing came through'); }

  /**
   * Something has come over `slug`: alive. Polls notice by themselves.
   * @param {string} slug
   */
  again(slug) {
    this.stop();
    if (!transportOf(slug).isPoll) this.#timer = setTimeout(() => this.#check(slug), CHECK_AFTER_MS);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }

  /**
   * @param {number} ms
   * @param {string} reason
   */
  #in(ms, reason) {
    const { after } = this.#connection;
    this.stop();
    this.#timer = setTimeout(() => this.#condemn(after, reason), ms);
  }

  /** @param {string} slug */
  async #check(slug) {
    const turn = ++this.#turn;
    const { after, reader: { room, query } } = this.#connection;
    // It asks for the rooms, not for messages: reading those would make it present.
    const isDue = await headOf(room, query.as).then((head) => head > after, () => null);
    if (turn !== this.#turn) return;
    if (isDue) this.#in(CHECK_GRACE_MS, 'open, but what was due did not come');
    else if (isDue === false) this.again(slug);
    else this.#connection.giveUp(after, 'silent, and so is the server');
  }
}

/**
 * Where the room's log ends; a room that is gone has nothing new.
 * @param {string} room
 * @param {Query[string]} as
 * @returns {Promise<number>}
 */
async function headOf(room, as) {
  const { rooms } = await getJson('/api/rooms', { query: { as }, timeoutMs: CHECK_TIMEOUT_MS });
  return rooms.find((/** @type {Room} */ { name }) => name === room)?.head ?? 0;
}
