// Sends this page's messages, and records when each was due: latency counts from there, so that a
// post that had to wait for its turn does not look quicker than it was. What a socket has taken and the server has
// not acknowledged when the socket goes is sent again: under the same key it is stored once.

/** @import { Draft } from '../shared/types.js' */
/** @import { Record } from './record/record.js' */
/** @import { Socket, Wire } from './wire/wire.js' */

import { ApiError } from '../shared/api.js';

/** Posts at once. The browser has six connections, and the panes need four of them now and then. */
const AT_ONCE = 2;
/** So many waiting are too many for posts. */
const MANY_WAITING = 4;
/** So many waiting means that more are due than can be sent. */
export const MOST_WAITING = 200;

/** A message, and when it was due. */
/** @typedef {Draft & { due: number }} Due */

/** Dispatches `change` when it goes offline or comes back, `sent` after each response, `failed` with an error. */
export class Sender extends EventTarget {
  #room;
  #record;
  /** @type {Wire} */
  #wire;
  #page = Math.random().toString(36).slice(2, 10);
  #count = 0;
  /** @type {Due[]} */
  #waiting = [];
  /** How many posts are out over the line in use: those over another may take their time. */
  #out = { count: 0 };
  /** @type {Socket | null} */
  #socket = null;
  #isSocketUp = false;
  /** @type {Map<string, Due>} */
  #carried = new Map(); // by key: what the socket has, and the server has not acknowledged
  #isResting = false;
  #isOffline = false;

  /**
   * @param {{ name: string, head: number }} room
   * @param {Record} record
   * @param {Wire} wire
   */
  constructor(room, record, wire) {
    super();
    this.#room = room;
    this.#record = record;
    this.#wire = wire;
  }

  /**
   * Posts over another line from now on. What was posted is acknowledged over the old one.
   * @param {Wire} wire
   */
  use(wire) {
    this.#leaveSocket();
    this.#wire = wire;
    this.#out = { count: 0 };
    this.#pump();
  }

  get waiting() { return this.#waiting.length; }

  get isOffline() { return this.#isOffline; }

  /** Offline it keeps what it has to send. */
  set isOffline(isOffline) {
    this.#isOffline = isOffline;
    if (isOffline) this.#leaveSocket();
    this.dispatchEvent(new Event('change'));
    this.#pump();
  }

  /**
   * `due`: when it should be sent, as performance.now() counts.
   * @param {string} body
   * @param {number} [due]
   */
  send(body, due = performance.now()) {
    this.#count += 1;
    this.#isResting = false;
    this.#waiting.push({ body, key: `race-${this.#page}-${this.#count}`, due });
    this.#pump();
  }

  /** No stream runs any more: the socket goes when all that it has is acknowledged. */
  rest() {
    this.#isResting = true;
    this.#endRest();
  }

  #endRest() {
    if (this.#isResting && this.#carried.size === 0) this.#leaveSocket();
  }

  /** What it has not brought to the server, as far as is known, waits again. */
  #leaveSocket() {
    this.#socket?.close();
    this.#socket = null;
    this.#isSocketUp = false;
    this.#waiting.unshift(...this.#carried.values());
    this.#carried.clear();
  }

  #pump({ mayOpen = true } = {}) {
    if (this.#isOffline) return;
    if (mayOpen && this.#waiting.length > MANY_WAITING) this.#socket ??= this.#openSocket();
    while (this.#waiting.length && (this.#isSocketUp || this.#out.count < AT_ONCE)) {
      const message = /** @type {Due} */ (this.#waiting.shift());
      this.#record.posted(message.key, { ...message, at: performance.now() });
      if (this.#isSocketUp) this.#carry(message);
      else this.#post(message);
    }
  }

  /** @param {Due} message */
  #carry(message) {
    this.#carried.set(message.key, message);
    this.#socket?.send({ key: message.key, body: message.body });
  }

  /** @param {Draft} message */
  async #post({ key, body }) {
    const out = this.#out;
    out.count += 1;
    await this.#wire.post(this.#room.name, { key, body }).then((at) => this.#stored(key, at), (error) => this.#failed(key, error));
    out.count -= 1;
    this.#pump();
  }

  #openSocket() {
    return this.#wire.openSocket(this.#room.name, Math.max(this.#room.head, this.#record.lastSeq), {
      up: () => {
        this.#isSocketUp = true;
        this.#pump();
      },
      ack: ({ key }) => this.#acknowledged(key),
      refused: ({ key = '', status, title, detail }) => {
        this.#carried.delete(key);
        this.#failed(key, new ApiError(detail ?? title, { status }));
        this.#endRest();
      },
      lost: () => {
        this.#leaveSocket();
        this.#pump({ mayOpen: false }); // where no socket gets through, one would follow the other
      },
    });
  }

  /** @param {string} key */
  #acknowledged(key) {
    this.#carried.delete(key);
    this.#stored(key, performance.now());
    this.#endRest();
  }

  /**
   * @param {string} key
   * @param {number} at
   */
  #stored(key, at) {
    this.#record.acknowledged(key, at);
    this.dispatchEvent(new Event('sent'));
  }

  /**
   * @param {string} key
   * @param {ApiError} error
   */
  #failed(key, error) {
    this.#record.refused(key);
    this.dispatchEvent(new CustomEvent('failed', { detail: error }));
  }
}
