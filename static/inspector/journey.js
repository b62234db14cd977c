// In the chat: each message that came over a feed shows the marker of its transport beside the time,
// and the two are a button that opens the inspector. Messages from the history have none: no feed
// brought them.

/** @import { Arrival, Message, ExchangeQuery, TraceEvent } from '../shared/types.js' */

import { $, element } from '../shared/dom.js';
import { marker } from '../shared/markers.js';
import { openInspector } from './index.js';

/** Requests whose responses may still come: a few at a time, so these are plenty. */
const REMEMBERED = 64;
/** @type {Record<string, number>} */
const STEPS = { ArrowUp: -1, ArrowDown: 1 };

export class Journey {
  #about;
  #root;
  /** @type {Map<number, number>} */
  #asked = new Map(); // exchange -> when
  /** @type {HTMLElement | null} */
  #stop = null; // the one button that the Tab key stops at

  /**
   * `root` holds the messages.
   * @param {Pick<ExchangeQuery, 'room' | 'tab' | 'as'>} about
   * @param {HTMLElement} root
   */
  constructor(about, root) {
    this.#about = about;
    this.#root = root;
    root.addEventListener('keydown', (event) => this.#pressed(event));
    root.addEventListener('focusin', (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (target.matches('.how')) this.#stopAt(target);
    });
  }

  /**
   * When this page sent the request.
   * @param {TraceEvent} event
   */
  trace({ kind, exchange, at }) {
    if (kind !== 'request') return;
    this.#asked.set(exchange, at);
    const [first] = this.#asked.keys();
    if (this.#asked.size > REMEMBERED) this.#asked.delete(first);
  }

  /**
   * `item` is the element of a message that came as connection.js reports; `sentAt` where it was sent from here.
   * @param {HTMLElement} item
   * @param {Message} message
   * @param {Arrival} arrival
   * @param {number} [sentAt]
   */
  arrived(item, { seq }, { exchange, at, transport }, sentAt) {
    const seen = { asked: this.#asked.get(exchange), at, sentAt };
    const button = howButton(item, transport);
    button.addEventListener('click', () => openInspector({ ...this.#about, seq, transport, seen }));
    if (document.activeElement !== this.#stop || !this.#stop) this.#stopAt(button);
  }

  /**
   * Hundreds of tab stops between the top bar and the composer would be too many.
   * @param {HTMLElement} button
   */
  #stopAt(button) {
    if (this.#stop) this.#stop.tabIndex = -1;
    this.#stop = button;
    button.tabIndex = 0;
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const step = STEPS[event.key];
    const target = /** @type {HTMLElement} */ (event.target);
    if (!step || !target.matches('.how')) return;
    const all = [.../** @type {NodeListOf<HTMLElement>} */ (this.#root.querySelectorAll('.how'))];
    event.preventDefault();
    all[all.indexOf(target) + step]?.focus();
  }
}

/**
 * @param {HTMLElement} item
 * @param {string} transport
 */
function howButton(item, transport) {
  const time = $('time', item);
  const button = element('button', { type: 'button', className: 'how', tabIndex: -1 });
  button.title = `${time.title}. How did this get here?`;
  time.removeAttribute('title');
  button.setAttribute('aria-haspopup', 'dialog');
  button.dataset.transport = transport;
  time.replaceWith(button);
  button.append(marker(transport), time);
  return button;
}
