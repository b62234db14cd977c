// The messages of a pane, the newest first; each is a button that opens the inspector. They are shown when
// the race says so, and only those that stay: at 50 messages a second no more can be read.

/** @import { Message, ReaderName, Seen } from '../shared/types.js' */

import { openInspector } from '../inspector/index.js';
import { element } from '../shared/dom.js';
import { milliseconds } from '../shared/units.js';

const KEPT = 40;

/** @typedef {{ message: Message, seen: Seen & { at: number } }} Arrival */

export class Arrivals {
  root = element('ol', { className: 'plain arrivals' });
  #reader;
  /** @type {Arrival[]} */
  #waiting = [];
  #isPressed = false; // then a button would move away from under the pointer

  /**
   * @param {ReaderName} reader whose messages these are
   * @param {string} name of the transport
   */
  constructor(reader, name) {
    this.#reader = reader;
    this.root.setAttribute('aria-label', `Messages over ${name}`);
    this.root.addEventListener('pointerdown', () => { this.#isPressed = true; });
    for (const event of ['pointerup', 'pointercancel']) window.addEventListener(event, () => this.#release());
  }

  /**
   * @param {Message} message
   * @param {Seen & { at: number }} seen
   */
  add(message, seen) {
    this.#waiting.push({ message, seen });
    if (this.#waiting.length > KEPT) this.#waiting.shift();
  }

  #release() {
    if (!this.#isPressed) return;
    this.#isPressed = false;
    this.show();
  }

  /** Those that have come since. */
  show() {
    if (this.#isPressed || this.#waiting.length === 0) return;
    const items = this.#waiting.reverse().map(({ message, seen }) => element('li', {}, this.#button(message, seen)));
    this.#waiting = [];
    this.root.prepend(...items);
    while (this.root.childElementCount > KEPT) this.root.lastElementChild?.remove();
  }

  /**
   * @param {Message} message
   * @param {Seen & { at: number }} seen
   */
  #button({ seq, body, display_name: name }, seen) {
    const end = seen.sentAt === undefined ? `from ${name}` : milliseconds(seen.at - seen.sentAt);
    const button = element('button', { type: 'button', title: 'How did this get here?' },
      element('span', { className: 'body', dir: 'auto' }, body),
      element('span', { className: 'took' }, end),
      element('span', { className: 'visually-hidden' }, '. How did this get here?'));
    button.dataset.seq = String(seq);
    button.addEventListener('click', () => openInspector({ ...this.#reader, seq, seen }));
    return button;
  }
}
