// Who is here, by which transports, and who is typing.

/** @import { Account, Person, Presence } from '../shared/types.js' */

import { avatar } from '../shared/avatar.js';
import { $, element, setAttribute } from '../shared/dom.js';
import { identities } from '../shared/identities.js';
import { marker } from '../shared/markers.js';

export class People {
  #list = $('#people');
  #me;
  /** @type {Map<string, HTMLElement>} */
  #items = new Map(); // by username

  /** @param {Account} me */
  constructor(me) {
    this.#me = me.username;
  }

  /** @param {Presence} presence */
  show({ here, count }) {
    $('#people-count').textContent = String(count);
    const usernames = new Set(here.map(({ username }) => username));
    for (const [username, item] of this.#items) {
      if (!usernames.has(username)) item.remove();
    }
    this.#items = new Map(here.map((person) => [person.username, this.#update(person)]));
    this.#order();
    $('#people-more').hidden = count <= here.length;
    $('#people-more').textContent = `and ${count - here.length} more`;
    $('#typing').textContent = whoIsTyping(here.filter(({ username }) => username !== this.#me));
  }

  /** @param {Person} person */
  #update(person) {
    const item = this.#items.get(person.username) ?? this.#item(person);
    const transports = person.transports.join(' ');
    setAttribute(item, 'data-typing', person.typing);
    if (item.dataset.transports === transports) return item;
    item.dataset.transports = transports;
    $('.transports', item).replaceChildren(...markers(person.transports));
    return item;
  }

  /** @param {Person} person */
  #item({ username, display_name: name }) {
    const isMe = username === this.#me;
    const item = element('li', { className: 'person' },
      avatar(username, name),
      element('bdi', { className: 'name' }, name),
      element('span', { className: 'handle' }, isMe ? 'you' : `@${username}`),
      element('span', { className: 'transports' }));
    item.dataset.username = username;
    setAttribute(item, 'data-me', isMe);
    return item;
  }

  /** Oneself first, the others as the server has them; what is in place stays in place. */
  #order() {
    const items = [...this.#items.values()];
    items.sort((a, b) => Number('me' in b.dataset) - Number('me' in a.dataset));
    items.forEach((item, index) => {
      if (this.#list.children[index] !== item) this.#list.insertBefore(item, this.#list.children[index] ?? null);
    });
  }
}

/**
 * In the order of the identities, each with its name for a screen reader.
 * @param {string[]} slugs
 */
function markers(slugs) {
  return identities().filter(({ slug }) => slugs.includes(slug)).map(({ slug }) => marker(slug, { label: true }));
}

/** @param {Person[]} others */
function whoIsTyping(others) {
  const names = others.filter(({ typing }) => typing).map(({ display_name: name }) => name);
  if (names.length === 0) return '';
  if (names.length === 1) return `${names[0]} is typing…`;
  if (names.length === 2) return `${names[0]} and ${names[1]} are typing…`;
  return `${names.length} people are typing…`;
}
