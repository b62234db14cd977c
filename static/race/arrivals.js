// The messages of a pane, the newest first; each is a button that opens the inspector.

/** @import { Message, ReaderName, Seen } from '../shared/types.js' */

import { openInspector } from '../inspector/index.js';
import { element } from '../shared/dom.js';
import { milliseconds } from '../shared/units.js';

const KEPT = 40;

export class Arrivals {
  root = element('ol', { className: 'plain arrivals' });
  #reader;
  /** @type {HTMLElement[] | null} */
  #held = null; // what comes while a button is pressed: else it would move away from under the pointer

  /**
   * @param {ReaderName} reader whose messages these are
   * @param {string} name of the transport
   */
  constructor(reader, name) {
    this.#reader = reader;
    this.root.setAttribute('aria-label', `Messages over ${name}`);
    this.root.addEventListener('pointerdown', () => { this.#held ??= []; });
    for (const event of ['pointerup', 'pointercancel']) window.addEventListener(event, () => this.#release());
  }

  /**
   * @param {Message} message
   * @param {Seen & { at: number }} seen
   */
  add(message, seen) {
    const item = element('li', {}, this.#button(message, seen));
    if (this.#held) this.#held.push(item);
    else this.#show(item);
  }

  #release() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const item of held) this.#show(item);
  }

  /** @param {HTMLElement} item */
  #show(item) {
    this.root.prepend(item);
    if (this.root.childElementCount > KEPT) this.root.lastElementChild?.remove();
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
