// How many of the six HTTP/1.1 connections, which a browser gives to one origin, its tabs hold.
//
// Tabs talk over a BroadcastChannel (Web Locks would need https away from localhost). Nothing is
// kept: whoever wants to know calls the roll, and tabs that are gone do not answer.

import { debounced } from './dom.js';
import { sleep } from './time.js';

export const LIMIT = 6;
/** One stays free, else no tab could post or load anything. */
const MOST_HELD = LIMIT - 1;
const ROLL_CALL_MS = 150;
const RECOUNT_MS = 3000;

export class Tabs extends EventTarget {
  #id = Math.random();
  #channel = new BroadcastChannel('pushlab.tabs');
  #mine = { isOpen: false, since: null }; // `since`: when this tab began to want a connection
  #roll = new Map();
  #refresh = debounced(() => this.#count(), 50);

  constructor() {
    super();
    this.#channel.addEventListener('message', ({ data }) => this.#heard(data));
    window.addEventListener('pagehide', () => this.#leave());
    this.#count();
  }

  /** Connections held now, over all tabs of this browser. */
  get held() { return [...this.#roll.values()].filter((tab) => tab.isOpen).length; }

  get isFull() { return this.held >= MOST_HELD; }

  /** Says that this tab now holds a connection, or none (any more). */
  occupy(isOpen) {
    if (isOpen === this.#mine.isOpen && (isOpen || this.#mine.since === null)) return;
    this.#mine = { isOpen, since: isOpen ? this.#mine.since ?? Date.now() : null };
    this.#announce();
  }

  /** Asks for a connection; tabs that asked earlier come first. */
  async isFree() {
    if (!isLimited()) return true;
    this.#mine = { isOpen: false, since: Date.now() };
    await this.#count();
    const { since } = this.#mine;
    if (since === null) return false;
    const earlier = ([id, tab]) => id !== this.#id && tab.since !== null
      && (tab.since < since || (tab.since === since && id < this.#id));
    return [...this.#roll].filter(earlier).length < MOST_HELD;
  }

  /** Tells the other tabs something; they hear it as an event of that name. */
  broadcast(name, detail) {
    this.#channel.postMessage({ name, detail });
  }

  #heard(data) {
    if (data.name) this.dispatchEvent(new CustomEvent(data.name, { detail: data.detail }));
    else if (data.asks) this.#channel.postMessage({ id: this.#id, ...this.#mine });
    else if (data.changed) this.#refresh();
  }

  /** Calls the roll. What is known stays until all have had time to answer. */
  async #count() {
    const answers = new Map();
    const note = ({ data }) => data.id && answers.set(data.id, data);
    this.#channel.addEventListener('message', note);
    this.#channel.postMessage({ asks: true });
    await sleep(ROLL_CALL_MS);
    this.#channel.removeEventListener('message', note);
    this.#roll = answers.set(this.#id, this.#mine);
    this.dispatchEvent(new Event('change'));
    // A tab that crashed says no goodbye, and somebody may be waiting for its connection.
    if (this.isFull) setTimeout(this.#refresh, RECOUNT_MS);
  }

  #announce() {
    this.#channel.postMessage({ changed: true });
    this.#refresh();
  }

  #leave() {
    this.#mine = { isOpen: false, since: null };
    this.#channel.postMessage({ changed: true });
  }
}

/** HTTP/2 and 3 carry many requests over one connection; the limit is of HTTP/1.1. */
function isLimited() {
  const protocol = performance.getEntriesByType('navigation')[0]?.nextHopProtocol ?? '';
  return !/^h[23]/.test(protocol);
}
