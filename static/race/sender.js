// Sends this page's messages, and records when each was due: latency counts from there, so that a
// post that had to wait for its turn does not look quicker than it was.

/** @import { Draft } from '../shared/types.js' */
/** @import { Record } from './record/record.js' */

import { ApiError, postJson } from '../shared/api.js';
import { SenderSocket } from './sender-socket.js';

/** Posts at once. The browser has six connections, and the panes need four of them now and then. */
const AT_ONCE = 2;
/** So many waiting are too many for posts. */
const MANY_WAITING = 4;
/** So many waiting means that more are due than can be sent. */
export const MOST_WAITING = 200;

/** Dispatches `change` when it goes offline or comes back, `sent` after each response, `failed` with an error. */
export class Sender extends EventTarget {
  #room;
  #record;
  #page = Math.random().toString(36).slice(2, 10);
  #count = 0;
  /** @type {(Draft & { due: number })[]} */
  #waiting = [];
  #posting = 0;
  /** @type {SenderSocket | null} */
  #socket = null;
  #isOffline = false;

  /**
   * @param {{ name: string, head: number }} room
   * @param {Record} record
   */
  constructor(room, record) {
    super();
    this.#room = room;
    this.#record = record;
  }

  get waiting() { return this.#waiting.length; }

  get isOffline() { return this.#isOffline; }

  /** Offline it keeps what it has to send. */
  set isOffline(isOffline) {
    this.#isOffline = isOffline;
    if (isOffline) this.rest();
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
    this.#waiting.push({ body, key: `race-${this.#page}-${this.#count}`, due });
    this.#pump();
  }

  /** No stream runs any more. */
  rest() {
    this.#socket?.close();
    this.#socket = null;
  }

  #pump() {
    if (this.#isOffline) return;
    if (this.#waiting.length > MANY_WAITING) this.#socket ??= this.#openSocket();
    while (this.#waiting.length && (this.#socket?.isUp || this.#posting < AT_ONCE)) {
      const message = /** @type {Draft & { due: number }} */ (this.#waiting.shift());
      this.#record.posted(message.key, { ...message, at: performance.now() });
      if (this.#socket?.isUp) this.#socket.send({ key: message.key, body: message.body });
      else this.#post(message);
    }
  }

  /** @param {Draft} message */
  async #post({ key, body }) {
    this.#posting += 1;
    const path = `/api/rooms/${this.#room.name}/messages`;
    await postJson(path, { body, key }, { isApart: true }).then(() => this.#stored(key), (error) => this.#failed(key, error));
    this.#posting -= 1;
    this.#pump();
  }

  #openSocket() {
    return new SenderSocket(this.#room.name, Math.max(this.#room.head, this.#record.lastSeq), {
      ack: ({ key }) => this.#stored(key),
      refused: ({ key = '', status, title, detail }) => this.#failed(key, new ApiError(detail ?? title, { status })),
      lost: () => { this.#socket = null; },
    });
  }

  /** @param {string} key */
  #stored(key) {
    this.#record.acknowledged(key, performance.now());
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
