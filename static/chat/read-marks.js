// How far an account has read each room, in this browser: over its tabs and reloads, but not on other machines.

/** @import { Room } from '../shared/types.js' */

/** Dispatches `change` when another tab has read something. */
export class ReadMarks extends EventTarget {
  #storedAs;
  /**
   * By the rooms' names.
   * @type {Record<string, number>}
   */
  #marks;

  /** @param {string} username */
  constructor(username) {
    super();
    this.#storedAs = `pushlab.read.${username}`;
    this.#marks = this.#stored;
    window.addEventListener('storage', ({ key }) => {
      if (key !== this.#storedAs) return;
      this.#marks = this.#stored;
      this.dispatchEvent(new Event('change'));
    });
  }

  /**
   * What is there at the first visit counts as read, so that nobody begins with thousands.
   * @param {Room[]} rooms
   */
  meet(rooms) {
    if (Object.keys(this.#marks).length) return;
    this.#store(Object.fromEntries(rooms.map(({ name, head }) => [name, head])));
  }

  /**
   * The server says that the log of `room` ends at `head`: a mark beyond it is of another database.
   * @param {Room} room
   */
  enter({ name, head }) {
    if (this.#marks[name] > head) this.#store({ ...this.#stored, [name]: head });
  }

  /**
   * How many messages of `room` have come since it was read.
   * @param {Pick<Room, 'name' | 'head'>} room
   */
  unread({ name, head }) { return Math.max(0, head - (this.#marks[name] ?? 0)); }

  /**
   * The first message of `room` that came since it was read; null where all has been, or nothing ever was.
   * @param {Pick<Room, 'name' | 'head'>} room
   */
  newFrom({ name, head }) {
    const mark = this.#marks[name];
    return mark !== undefined && mark < head ? mark + 1 : null;
  }

  /**
   * All up to `seq` has been read.
   * @param {string} room
   * @param {number} seq
   */
  read(room, seq) {
    if (seq > (this.#marks[room] ?? 0)) this.#store({ ...this.#stored, [room]: seq });
  }

  /** Other tabs write it too. */
  get #stored() { return JSON.parse(localStorage.getItem(this.#storedAs) ?? '{}'); }

  /** @param {Record<string, number>} marks */
  #store(marks) {
    this.#marks = marks;
    localStorage.setItem(this.#storedAs, JSON.stringify(marks));
  }
}
