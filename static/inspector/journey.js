// In the chat: the time of each message is a button that opens the inspector, with the marker of the transport that
// brought it, or of history. Whoever does not know that finds a button with words under the conversation, which
// opens it for the newest message.

/** @import { Arrival, HistoryKind, Message, ExchangeQuery, Seen, TraceEvent } from '../shared/types.js' */

import { $, element } from '../shared/dom.js';
import { marker } from '../shared/markers.js';
import { svg } from '../shared/svg.js';
import { Arrivals } from './arrivals.js';
import { openInspector } from './index.js';
import { wayName } from './names.js';

/** Requests whose responses may still come: a few at a time, so these are plenty. */
const REMEMBERED = 64;
/** @type {Record<string, number>} */
const STEPS = { ArrowUp: -1, ArrowDown: 1 };

export class Journey {
  #about;
  #root;
  #arrivals;
  /** @type {Map<number, number>} */
  #asked = new Map(); // exchange -> when
  /** @type {HTMLElement | null} */
  #stop = null; // the one button that the Tab key stops at
  #newest = 0;
  #offer;

  /**
   * `root` holds the messages; `offer` is the button with words.
   * @param {Pick<ExchangeQuery, 'room' | 'tab' | 'as'> & { epoch: string }} about
   * @param {{ root: HTMLElement, offer: HTMLElement }} places
   */
  constructor({ epoch, ...about }, { root, offer }) {
    this.#about = about;
    this.#root = root;
    this.#arrivals = new Arrivals(`pushlab.arrivals.${about.as}.${about.room}`, epoch);
    root.addEventListener('keydown', (event) => this.#pressed(event));
    root.addEventListener('focusin', (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (target.matches('.how')) this.#stopAt(target);
    });
    this.#offer = offer;
    offer.addEventListener('click', () => this.#newestButton()?.click());
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
    this.#arrivals.add(seq, { transport, tab: this.#about.tab, seen });
    this.#show(item, { ...this.#about, seq, transport, seen });
  }

  /**
   * `item` is the element of a message that came with history.
   * @param {HTMLElement} item
   * @param {number} seq
   * @param {{ history: HistoryKind, seen: Seen }} how
   */
  recalled(item, seq, { history, seen }) {
    /** @type {ExchangeQuery} */
    const now = { ...this.#about, seq, transport: null, history, seen };
    const came = this.#arrivals.earlier(seq);
    this.#show(item, came ? { ...this.#about, ...came, seq, isEarlier: true, also: now } : now);
  }

  /**
   * @param {HTMLElement} item
   * @param {ExchangeQuery} about
   */
  #show(item, about) {
    const button = howButton(item, about);
    button.addEventListener('click', () => openInspector(about));
    if (about.seq < this.#newest) return;
    this.#newest = about.seq;
    this.#offer.hidden = false;
    this.#offer.textContent = `How did message ${about.seq} get here?`;
    if (document.activeElement !== this.#stop || !this.#stop) this.#stopAt(button);
  }

  #newestButton() {
    return /** @type {HTMLElement | null} */ (this.#root.querySelector(`[data-seq="${this.#newest}"] .how`));
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
 * @param {ExchangeQuery} about
 */
function howButton(item, about) {
  const { transport, history } = about;
  const time = $('time', item);
  const button = element('button', { type: 'button', className: 'how', tabIndex: -1 });
  button.title = `${time.title}. Came ${wayName(about)}. How did this get here?`;
  time.removeAttribute('title');
  button.setAttribute('aria-haspopup', 'dialog');
  if (transport !== null) button.dataset.transport = transport;
  if (history) button.dataset.history = history;
  time.replaceWith(button);
  button.append(transport === null ? historyMarker() : marker(transport), time);
  return button;
}

/** Lines of a list that was there already. */
const historyMarker = () => svg('svg', { viewBox: '0 0 16 16', class: 'history-marker', 'aria-hidden': 'true' },
  svg('path', { d: 'M2 3.5h12M2 8h12M2 12.5h12' }));
