// How many of the six HTTP/1.1 connections, which a browser gives to one origin, its tabs hold.
//
// Tabs talk over a BroadcastChannel (Web Locks would need https away from localhost). Nothing is
// stored: a tab that wants to know asks all others, and tabs that are gone do not reply.

/**
 * What tabs exchange about a place that wants or holds a connection.
 * @typedef {{ isOpen: boolean, since: number | null, rank: number }} Stake
 */

/**
 * What a tab replies when the others are asked.
 * @typedef {{ what: string, places: Stake[] }} Tab
 */

import { debounced } from '../shared/dom.js';
import { sleep } from '../shared/time.js';

export const LIMIT = 6;
/** One stays free, else no tab could post or load anything. */
const MOST_HELD = LIMIT - 1;
const ROLL_CALL_MS = 150;
const RECOUNT_MS = 3000;

export class Tabs extends EventTarget {
  #id = Math.random();
  #what;
  #channel = new BroadcastChannel('pushlab.tabs');
  /** @type {Set<Place>} */
  #places = new Set();
  /** @type {Map<number, Tab>} */
  #roll = new Map();
  #refresh = debounced(() => this.#count(), 50);

  /** `what` this tab is, for people: told to those who look for something to close. */
  constructor(what = () => document.title) {
    super();
    this.#what = what;
    this.#channel.addEventListener('message', ({ data }) => this.#received(data));
    window.addEventListener('pagehide', () => this.#leave());
    this.#count();
  }

  /** Connections held now, over all tabs of this browser. */
  get held() { return this.holders.reduce((sum, { count }) => sum + count, 0); }

  get isFull() { return this.held >= MOST_HELD; }

  /** The tabs that hold connections: what each is, how many, and whether it is this one. */
  get holders() {
    return [...this.#roll].map(([id, { what, places }]) => ({
      what, count: places.filter(({ isOpen }) => isOpen).length, isMine: id === this.#id,
    })).filter(({ count }) => count > 0);
  }

  /** A place for one connection of this tab. */
  place() {
    const place = new Place({
      changed: () => this.#announce(),
      isFree: (wanting) => this.#isFree(wanting),
      leave: (left) => this.#places.delete(left),
    });
    this.#places.add(place);
    return place;
  }

  /**
   * Sends something to the other tabs, which get it as an event of that name.
   * @param {string} name
   * @param {unknown} [detail]
   */
  broadcast(name, detail) {
    this.#channel.postMessage({ name, detail });
  }

  /**
   * Whether `place` may be taken; those that asked earlier, in any tab, come first.
   * @param {Place} place
   */
  async #isFree(place) {
    if (!isLimited()) return true;
    await this.#count();
    const { since: mine } = place;
    if (mine === null) return false;
    const earlier = [...this.#roll].flatMap(([id, { places }]) => places
      .filter(({ since, rank }) => since !== null && (since < mine
        || (since === mine && (id < this.#id || (id === this.#id && rank < place.rank))))));
    return earlier.length < MOST_HELD;
  }

  get #mine() {
    const places = [...this.#places].map(({ isOpen, since, rank }) => ({ isOpen, since, rank }));
    return { what: this.#what(), places };
  }

  /** @param {any} data */
  #received(data) {
    if (data.name) this.dispatchEvent(new CustomEvent(data.name, { detail: data.detail }));
    else if (data.asks) this.#channel.postMessage({ id: this.#id, ...this.#mine });
    else if (data.changed) this.#refresh();
  }

  /** Asks all tabs. What is known stays until all have had time to reply. */
  async #count() {
    /** @type {Map<number, Tab>} */
    const replies = new Map();
    const note = (/** @type {MessageEvent} */ { data }) => data.id && replies.set(data.id, data);
    this.#channel.addEventListener('message', note);
    this.#channel.postMessage({ asks: true });
    await sleep(ROLL_CALL_MS);
    this.#channel.removeEventListener('message', note);
    this.#roll = replies.set(this.#id, this.#mine);
    this.dispatchEvent(new Event('change'));
    // A tab that crashed gives nothing back, and another may be waiting for its connection.
    if (this.isFull) setTimeout(this.#refresh, RECOUNT_MS);
  }

  #announce() {
    this.#channel.postMessage({ changed: true });
    this.#refresh();
  }

  #leave() {
    this.#places.clear();
    this.#channel.postMessage({ changed: true });
  }
}

let ranks = 0;

/**
 * What a place needs of its tab.
 * @typedef {object} Surroundings
 * @property {() => void} changed
 * @property {(wanting: Place) => Promise<boolean>} isFree
 * @property {(left: Place) => void} leave
 */

/** What one connection of a tab holds, or waits for. */
export class Place {
  #tabs;
  isOpen = false;
  /** @type {number | null} */
  since = null; // when it began to want a connection
  rank = ++ranks;

  /** @param {Surroundings} tabs */
  constructor(tabs) { this.#tabs = tabs; }

  /**
   * Reports that it now holds a connection, or none any more.
   * @param {boolean} isOpen
   */
  occupy(isOpen) {
    if (isOpen === this.isOpen && (isOpen || this.since === null)) return;
    this.isOpen = isOpen;
    this.since = isOpen ? this.since ?? Date.now() : null;
    this.#tabs.changed();
  }

  /** Asks for a connection. */
  async isFree() {
    this.isOpen = false;
    this.since = Date.now();
    return this.#tabs.isFree(this);
  }

  /** Is not needed any more. */
  leave() {
    this.occupy(false);
    this.#tabs.leave(this);
  }
}

/** HTTP/2 and 3 carry many requests over one connection; the limit is of HTTP/1.1. */
function isLimited() {
  const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
  const protocol = page?.nextHopProtocol ?? '';
  return !/^h[23]/.test(protocol);
}
