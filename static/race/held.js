// How many of the browser's connections its tabs hold, and what to close when there are too few.

import { $, element } from '../dom.js';
import { LIMIT } from '../tabs.js';

export class Held {
  #tabs;
  #waiting = new Set(); // names of the panes that wait

  constructor(tabs) {
    this.#tabs = tabs;
    tabs.addEventListener('change', () => this.#show());
    this.#show();
  }

  /** Whether the pane of this name waits for a connection. */
  waits(name, isWaiting) {
    if (isWaiting) this.#waiting.add(name);
    else this.#waiting.delete(name);
    this.#show();
  }

  #show() {
    const { held, holders } = this.#tabs;
    $('#held-count').textContent = `${held} of ${LIMIT}`;
    $('#held-dots').replaceChildren(...Array.from({ length: LIMIT }, (_, index) => dot(index < held)));
    $('#held-notice').hidden = this.#waiting.size === 0;
    $('#held-why').textContent = `${[...this.#waiting].join(' and ')} must wait: the browser gives this address `
      + `${LIMIT} connections, and one stays free to send and to load. Close one of these tabs, or choose WebSocket in it:`;
    const others = holders.filter(({ isMine }) => !isMine);
    $('#holders').replaceChildren(...others.map(({ what, count }) => element('li', {}, `${what} (${count})`)));
  }
}

function dot(isHeld) {
  const made = element('span', { className: 'dot' });
  made.toggleAttribute('data-held', isHeld);
  return made;
}
