// How many of the browser's connections its tabs hold, and what to close when there are too few.

/** @import { Holders } from './wire/wire.js' */

import { showHeld } from '../connection/held-count.js';
import { LIMIT } from '../connection/tabs.js';
import { $, element } from '../shared/dom.js';
import { identity } from '../shared/identities.js';
import { bestThatHoldsNone } from '../transports/index.js';

export class Held {
  /** @type {Holders} */
  #tabs;
  #changed = () => this.#show();
  /** @type {Set<string>} */
  #waiting = new Set(); // names of the panes that wait

  /** @param {Holders} tabs */
  constructor(tabs) {
    this.#tabs = tabs;
    this.watch(tabs);
  }

  /**
   * Another line is another origin, to which the browser gives connections of its own.
   * @param {Holders} tabs
   */
  watch(tabs) {
    this.#tabs.removeEventListener('change', this.#changed);
    this.#tabs = tabs;
    tabs.addEventListener('change', this.#changed);
    this.#show();
  }

  /**
   * Whether the pane of this name waits for a connection.
   * @param {string} name
   * @param {boolean} isWaiting
   */
  waits(name, isWaiting) {
    if (isWaiting) this.#waiting.add(name);
    else this.#waiting.delete(name);
    this.#show();
  }

  #show() {
    const { held, holders } = this.#tabs;
    showHeld(held);
    $('#held-notice').hidden = this.#waiting.size === 0;
    const another = identity(bestThatHoldsNone.slug).name;
    $('#held-why').textContent = `${[...this.#waiting].join(' and ')} must wait: the browser gives this address `
      + `${LIMIT} connections, and one stays free to send and to load. Close one of these tabs, or choose ${another} in it:`;
    $('#holders').replaceChildren(...others(holders).map((text) => element('li', {}, text)));
  }
}

/**
 * The other tabs and what they hold; tabs of one name are listed once.
 * @param {Holders['holders']} holders
 */
function others(holders) {
  const names = new Map();
  for (const { what, count, isMine } of holders) {
    if (!isMine) names.set(what, (names.get(what) ?? 0) + count);
  }
  return [...names].map(([what, count]) => (count === 1 ? `${what} (1 connection)` : `${what} (${count} connections)`));
}
