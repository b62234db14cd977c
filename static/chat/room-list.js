// The rooms: a list, with how much is unread in each. What the race makes is folded, under a heading of its own.

/** @import { Room } from '../shared/types.js' */

import { $, element, setAttribute } from '../shared/dom.js';
import { isRaceRoom } from '../shared/rooms.js';
import { roomAddress } from '../shared/session.js';
import { plural } from '../shared/units.js';

/** A number with more digits says no more. */
const MOST = 999;

export class RoomList {
  #rooms = $('#rooms');
  #races = $('#race-rooms');
  #current;
  #as;
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map(); // by name

  /**
   * `current` is the name of this page's room.
   * @param {string} current
   * @param {string} as
   */
  constructor(current, as) {
    this.#current = current;
    this.#as = as;
    /** @type {HTMLDetailsElement} */ ($('#race-rooms-part')).open = isRaceRoom(current);
  }

  /**
   * What is in place stays in place, with the focus. `unread` counts by the rooms' names.
   * @param {Room[]} rooms
   * @param {Map<string, number>} unread
   */
  show(rooms, unread) {
    const names = new Set(rooms.map(({ name }) => name));
    for (const [name, item] of this.#items) if (!names.has(name)) item.remove();
    this.#items = new Map(rooms.map((room) => [room.name, this.#update(room, unread.get(room.name) ?? 0)]));
    const races = rooms.filter(({ name }) => isRaceRoom(name));
    this.#arrange(this.#rooms, rooms.filter(({ name }) => !isRaceRoom(name)));
    this.#arrange(this.#races, races);
    $('#race-rooms-count').textContent = String(races.length);
    $('#race-rooms-part').hidden = races.length === 0;
  }

  /**
   * @param {Room} room
   * @param {number} unread
   */
  #update(room, unread) {
    const item = this.#items.get(room.name) ?? this.#item(room);
    const count = $('.unread', item);
    count.hidden = unread === 0;
    const text = unread > MOST ? `${MOST}+` : String(unread);
    setAttribute(count, 'aria-label', plural(unread, 'unread message'));
    if (count.textContent !== text) count.textContent = text;
    return item;
  }

  /** @param {Room} room */
  #item({ name, title }) {
    const link = element('a', { href: roomAddress(name, this.#as) },
      element('span', { className: 'room-title' }, title),
      element('span', { className: 'handle' }, name),
      element('span', { className: 'unread', role: 'img', hidden: true }));
    link.dataset.room = name;
    if (name === this.#current) link.setAttribute('aria-current', 'page');
    return element('li', {}, link);
  }

  /**
   * @param {HTMLElement} list
   * @param {Room[]} rooms
   */
  #arrange(list, rooms) {
    rooms.forEach(({ name }, index) => {
      const item = /** @type {HTMLLIElement} */ (this.#items.get(name));
      if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
    });
  }
}
