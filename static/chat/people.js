// Who is here, by which transports, and who is typing.

import { $, element, initial, setAttribute } from '../shared/dom.js';
import { identities } from '../shared/identities.js';
import { marker } from '../shared/markers.js';

export class People {
  #list = $('#people');
  #me;
  #items = new Map(); // by username

  constructor(me) {
    this.#me = me.username;
  }

  show({ here, count }) {
    $('#people-count').textContent = count;
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

  #update(person) {
    const item = this.#items.get(person.username) ?? this.#item(person);
    const transports = person.transports.join(' ');
    setAttribute(item, 'data-typing', person.typing);
    if (item.dataset.transports === transports) return item;
    item.dataset.transports = transports;
    item.querySelector('.transports').replaceChildren(...markers(person.transports));
    return item;
  }

  #item({ username, display_name: name }) {
    const isMe = username === this.#me;
    const item = element('li', { className: 'person' },
      element('span', { className: 'avatar', ariaHidden: 'true' }, initial(name)),
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
    items.sort((a, b) => ('me' in b.dataset) - ('me' in a.dataset));
    items.forEach((item, index) => {
      if (this.#list.children[index] !== item) this.#list.insertBefore(item, this.#list.children[index] ?? null);
    });
  }
}

/** In the order of the identities, each with its name for a screen reader. */
function markers(slugs) {
  return identities().filter(({ slug }) => slugs.includes(slug)).map(({ slug }) => marker(slug, { label: true }));
}

function whoIsTyping(others) {
  const names = others.filter(({ typing }) => typing).map(({ display_name: name }) => name);
  if (names.length === 0) return '';
  if (names.length === 1) return `${names[0]} is typing…`;
  if (names.length === 2) return `${names[0]} and ${names[1]} are typing…`;
  return `${names.length} people are typing…`;
}
