// Says in words what the lanes and panes show, for whoever listens: when a message that was written here has come
// over each transport, and when a transport is lost or back. A stream is not told: nobody could listen to it.

/** @import { ConnectionNow } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { identity } from '../shared/identities.js';
import { milliseconds } from '../shared/units.js';

/** Then what has not come is told as that. */
const WAIT_MS = 10_000;
/** What has been said, to be read again. */
const KEPT = 8;

/**
 * A message on its way: how long it took over each transport that has brought it.
 * @typedef {{ body: string, took: Map<string, number>, timer: number }} Journey
 */

export class Teller {
  #root;
  #slugs;
  /** @type {Map<string, Journey>} */
  #journeys = new Map(); // by key
  /** @type {Set<string>} */
  #lost = new Set();
  /** @type {string[]} */
  #told = []; // the keys of what was told last

  /**
   * `slugs` are the transports that race.
   * @param {HTMLElement} root
   * @param {string[]} slugs
   */
  constructor(root, slugs) {
    this.#root = root;
    this.#slugs = slugs;
  }

  /**
   * `slug` has brought the message with this key, so many ms after it was due.
   * @param {string} slug
   * @param {{ key: string, body: string, took: number }} message
   */
  arrived(slug, { key, body, took }) {
    if (this.#told.includes(key)) return this.#say(`“${body}” has come over ${identity(slug).name}, too.`);
    const journey = this.#journeys.get(key) ?? this.#begin(key, body);
    journey.took.set(slug, took);
    if (this.#slugs.every((each) => journey.took.has(each) || this.#lost.has(each))) this.#end(key, journey);
  }

  /**
   * As a connection reports it.
   * @param {ConnectionNow} now
   */
  state({ transport, state, reason }) {
    if (state === 'connecting' || this.#lost.has(transport) === (state === 'offline')) return;
    const { name } = identity(transport);
    if (state === 'live') this.#say(`${name} is live again.`);
    else this.#say(`${name} is offline${reason ? `: ${reason}` : ''}.`);
    if (state === 'live') this.#lost.delete(transport);
    else this.#lost.add(transport);
  }

  /**
   * @param {string} key
   * @param {string} body
   */
  #begin(key, body) {
    /** @type {Journey} */
    const journey = { body, took: new Map(), timer: setTimeout(() => this.#end(key, journey), WAIT_MS) };
    this.#journeys.set(key, journey);
    return journey;
  }

  /**
   * @param {string} key
   * @param {Journey} journey
   */
  #end(key, { body, took, timer }) {
    clearTimeout(timer);
    this.#journeys.delete(key);
    this.#told = [...this.#told, key].slice(-KEPT);
    const came = [...took].map(([slug, ms]) => `${identity(slug).name} after ${milliseconds(ms)}`);
    const missing = this.#slugs.filter((slug) => !took.has(slug)).map((slug) => identity(slug).name);
    const rest = missing.length ? `; not over ${missing.join(', ')}` : '';
    this.#say(`“${body}” came over ${came.join(', ')}${rest}.`);
  }

  /** @param {string} text */
  #say(text) {
    this.#root.append(element('p', {}, text));
    if (this.#root.childElementCount > KEPT) this.#root.firstElementChild?.remove();
  }
}
