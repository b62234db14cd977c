// What is unread: in the list of rooms, and before the page's title. In this page's room that is what came
// while it was out of sight; in the others, what the server says when somebody looks at the list.
//
// Nothing asks by a timer: a page that shows what polling costs must not poll beside it. A push of all rooms'
// heads would have to be a part of each transport, whose bytes are measured. So the counts of other rooms are
// those of the last look: they may be too low, and never too high.

/** @import { Room } from '../shared/types.js' */

import { $ } from '../shared/dom.js';
import { isRaceRoom } from '../shared/rooms.js';
import { ReadMarks } from './read-marks.js';
import { RoomList } from './room-list.js';

/** Looking twice at once asks once. */
const ASK_AT_MOST_EVERY_MS = 5000;
/** However many messages come. */
const SHOW_EVERY_MS = 100;

export class Unread {
  #marks;
  #list;
  #current;
  #ask;
  /** @type {Room[]} */
  #rooms = [];
  #title = '';
  #head = 0; // of this page's room, as far as this page shows it
  /** @type {number | undefined} */
  #showing;
  /** @type {number | undefined} */
  #reading;
  #askedAt = performance.now(); // the page began with a list
  /** @type {number | undefined} */
  #asking;
  #isOver = false;
  /** Whether the newest message is in view. */
  #isAtEnd = () => false;

  /**
   * `current` is the name of this page's room; `ask` asks the server for all rooms.
   * @param {string} current
   * @param {string} as
   * @param {() => Promise<Room[]>} ask
   */
  constructor(current, as, ask) {
    this.#current = current;
    this.#ask = ask;
    this.#marks = new ReadMarks(as);
    this.#list = new RoomList(current, as);
    this.#marks.addEventListener('change', () => this.#show());
    document.addEventListener('visibilitychange', () => {
      this.look();
      if (!document.hidden) this.refresh();
    });
    window.addEventListener('focus', () => this.refresh());
    window.addEventListener('pagehide', () => this.#read());
    for (const event of ['pointerenter', 'focusin']) $('#rooms-part').addEventListener(event, () => this.refresh());
  }

  /**
   * @param {Room[]} rooms
   * @param {string} title of this page
   */
  begin(rooms, title) {
    this.#title = title;
    this.#take(rooms);
  }

  /**
   * The first message of `room` that has not been read, or null.
   * @param {Room} room
   */
  newFrom(room) { return this.#marks.newFrom(room); }

  /**
   * The room is open and shown up to its head; from now on it is read while `isAtEnd()`.
   * @param {Room} room
   * @param {() => boolean} isAtEnd
   */
  enter(room, isAtEnd) {
    this.#marks.enter(room);
    this.#isAtEnd = isAtEnd;
    this.arrived(room.head);
  }

  /** Somebody looks, or is about to. */
  refresh() {
    if (this.#isOver) return;
    const wait = Math.max(0, this.#askedAt + ASK_AT_MOST_EVERY_MS - performance.now());
    this.#asking ??= setTimeout(() => this.#askNow(), wait);
  }

  /** The account is signed out: there is nobody to ask for. */
  close() {
    this.#isOver = true;
    clearTimeout(this.#asking);
  }

  /** The server being away is told elsewhere. */
  async #askNow() {
    this.#askedAt = performance.now();
    this.#asking = undefined;
    const rooms = await this.#ask().catch(() => this.#rooms);
    if (!this.#isOver) this.#take(rooms);
  }

  /**
   * A message of this page's room is shown.
   * @param {number} seq
   */
  arrived(seq) {
    this.#head = Math.max(this.#head, seq);
    this.look();
  }

  /** Somebody may look at the newest message now. */
  look() {
    // Whether its reader has just scrolled away is known with the next picture.
    this.#reading ??= requestAnimationFrame(() => this.#read());
    this.#showing ??= setTimeout(() => this.#show(), SHOW_EVERY_MS);
  }

  #read() {
    this.#reading = undefined;
    if (!document.hidden && this.#isAtEnd()) this.#marks.read(this.#current, this.#head);
  }

  /** @param {Room[]} rooms */
  #take(rooms) {
    this.#rooms = rooms;
    this.#marks.meet(rooms);
    this.#show();
  }

  #show() {
    clearTimeout(this.#showing);
    this.#showing = undefined;
    const counts = new Map(this.#rooms.map((room) => [room.name, this.#count(room)]));
    this.#list.show(this.#rooms, counts);
    // A race writes by itself, and nobody has to read that.
    const told = this.#rooms.filter(({ name }) => !isRaceRoom(name) || name === this.#current);
    const sum = told.reduce((total, { name }) => total + (counts.get(name) ?? 0), 0);
    document.title = sum ? `(${sum}) ${this.#title}` : this.#title;
  }

  /**
   * Of its own room this page knows better than the list, which may be older.
   * @param {Room} room
   */
  #count({ name, head }) {
    return this.#marks.unread({ name, head: name === this.#current ? this.#head : head });
  }
}
