// Sends this page's messages, and keeps when each was due: latency counts from there, so that a
// post that had to wait for its turn does not look quicker than it was.

/** @import { Draft, Message } from '../shared/types.js' */

import { postJson } from '../shared/api.js';

/** Posts at once. The browser has six connections, and the panes need four of them now and then. */
const AT_ONCE = 2;
/** So many waiting means that more are due than can be sent. */
export const MOST_WAITING = 50;
const REMEMBERED = 2000;

/** Dispatches `sent` with the instant a message was due, and `failed` with an error. */
export class Sender extends EventTarget {
  #path;
  #page = Math.random().toString(36).slice(2, 10);
  #count = 0;
  /** @type {Map<string, number>} */
  #due = new Map(); // by key
  /** @type {Draft[]} */
  #waiting = [];
  #posting = 0;

  /** @param {string} room */
  constructor(room) {
    super();
    this.#path = `/api/rooms/${room}/messages`;
  }

  get waiting() { return this.#waiting.length; }

  /**
   * `due`: when it should be sent, as performance.now() counts.
   * @param {string} body
   * @param {number} [due]
   */
  send(body, due = performance.now()) {
    this.#count += 1;
    const key = `race-${this.#page}-${this.#count}`;
    this.#remember(key, due);
    this.#waiting.push({ body, key });
    this.dispatchEvent(new CustomEvent('sent', { detail: due }));
    this.#pump();
  }

  /**
   * When `message` was due, or undefined where another page sent it.
   * @param {Message} message
   */
  dueOf({ key }) { return key === null ? undefined : this.#due.get(key); }

  /**
   * @param {string} key
   * @param {number} due
   */
  #remember(key, due) {
    this.#due.set(key, due);
    const [first] = this.#due.keys();
    if (this.#due.size > REMEMBERED) this.#due.delete(first);
  }

  async #pump() {
    if (this.#posting >= AT_ONCE || this.#waiting.length === 0) return;
    this.#posting += 1;
    try {
      await postJson(this.#path, this.#waiting.shift());
    } catch (error) {
      this.dispatchEvent(new CustomEvent('failed', { detail: error }));
    }
    this.#posting -= 1;
    this.#pump();
  }
}
