// In the chat: each message that came over a feed shows the marker of its transport beside the time,
// and the two are a button that asks how it got here. What came with the history has none: no feed
// brought it.

import { element } from '../shared/dom.js';
import { marker } from '../shared/markers.js';
import { openInspector } from './index.js';

/** Requests whose answers may still come: a few at a time, so these are plenty. */
const REMEMBERED = 64;

export class Journey {
  #about;
  #root;
  #asked = new Map(); // exchange -> when
  #stop = null; // the one button that the Tab key stops at

  /** `about` is { room, tab, as } as in index.js; `root` holds the messages. */
  constructor(about, root) {
    this.#about = about;
    this.#root = root;
    root.addEventListener('keydown', (event) => this.#pressed(event));
    root.addEventListener('focusin', ({ target }) => target.matches('.how') && this.#stopAt(target));
  }

  /** One of trace.js's events: when did the page ask? */
  trace({ kind, exchange, at }) {
    if (kind !== 'request') return;
    this.#asked.set(exchange, at);
    if (this.#asked.size > REMEMBERED) this.#asked.delete(this.#asked.keys().next().value);
  }

  /** A message's element `item` came as connection.js tells; `sentAt` where it was sent from here. */
  arrived(item, { seq }, { exchange, at, transport }, sentAt) {
    const seen = { asked: this.#asked.get(exchange), at, sentAt };
    const button = howButton(item, transport);
    button.addEventListener('click', () => openInspector({ ...this.#about, seq, transport, seen }));
    if (document.activeElement !== this.#stop || !this.#stop) this.#stopAt(button);
  }

  /** Hundreds of stops between the top bar and the box one writes into would be too many. */
  #stopAt(button) {
    if (this.#stop) this.#stop.tabIndex = -1;
    this.#stop = button;
    button.tabIndex = 0;
  }

  #pressed(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.target.matches('.how')) return;
    const all = [...this.#root.querySelectorAll('.how')];
    event.preventDefault();
    all[all.indexOf(event.target) + step]?.focus();
  }
}

function howButton(item, transport) {
  const time = item.querySelector('time');
  const button = element('button', { type: 'button', className: 'how', tabIndex: -1 });
  button.title = `${time.title}. How did this get here?`;
  time.removeAttribute('title');
  button.setAttribute('aria-haspopup', 'dialog');
  button.dataset.transport = transport;
  time.replaceWith(button);
  button.append(marker(transport), time);
  return button;
}
