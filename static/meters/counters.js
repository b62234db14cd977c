// What the server's kernel counted for this page's readers: GET /api/connections, once a second.
//
// A browser doesn't tell its pages what their connections cost. The server does, for this session
// alone: `carried` has each reader by its room, transport and `tab` (from `tab=` of its requests, or
// null), with what it cost since this session first asked.

/** @import { Costs, Query, Tally } from '../shared/types.js' */

import { getJson } from '../shared/api.js';
import { sleep } from '../shared/time.js';

const EVERY_MS = 1000;
/** @type {(keyof Tally)[]} */
const COUNTED = ['requests', 'bytes_up', 'bytes_down', 'segments_up', 'segments_down', 'presence_bytes_up', 'presence_bytes_down'];
/** @type {Tally} */
const NOTHING = {
  requests: 0, bytes_up: 0, bytes_down: 0, segments_up: 0, segments_down: 0, presence_bytes_up: 0, presence_bytes_down: 0,
};

/**
 * Dispatches `change` whenever there are newer figures; `anew` before it, when the server counts from 0
 * again because it was restarted, or was not asked for two minutes.
 */
export class Counters extends EventTarget {
  #reader;
  /** @type {Costs | null} */
  #latest = null;
  /** @type {Map<string, Tally>} */
  #base = new Map(); // by transport: what had been counted at the last reset
  /** @type {symbol | null} */
  #asking = null; // the one loop that goes on

  /**
   * `reader` as in its requests; `query`: more parameters (`as`).
   * @param {{ room: string, tab?: string | null }} reader
   * @param {Query} [query]
   */
  constructor(reader, query = {}) {
    super();
    this.#reader = { tab: null, ...reader };
    this.query = query;
  }

  /** The server's last response, or null: `counted_by`, `connections`, `carried`. */
  get latest() { return this.#latest; }

  /** Whether the server's kernel counts at all; undefined until it has been asked. */
  get counts() { return this.#latest ? this.#latest.counted_by !== null : undefined; }

  /** Asks from now on, until `stop`. */
  async start() {
    if (this.#asking) return;
    const mine = Symbol('asking');
    this.#asking = mine;
    while (this.#asking === mine) {
      await this.refresh();
      await sleep(EVERY_MS);
    }
  }

  stop() { this.#asking = null; }

  /** Asks once. The server being away is told elsewhere. */
  async refresh() {
    /** @type {Costs | null} */
    const latest = await getJson('/api/connections', { query: this.query }).catch(() => null);
    if (!latest) return;
    this.#latest = latest;
    const beganAnew = this.#mine().some((carried) => isBelow(carried, this.#base.get(carried.transport)));
    if (beganAnew) this.#base.clear();
    if (beganAnew) this.dispatchEvent(new Event('anew'));
    this.dispatchEvent(new Event('change'));
  }

  /** Counts from here on. */
  async reset() {
    await this.refresh();
    for (const { transport, ...carried } of this.#mine()) this.#base.set(transport, carried);
  }

  /**
   * Since the reset, over `transport`; null where nothing is known.
   * @param {string | null} transport
   * @returns {Tally | null}
   */
  of(transport) {
    const found = this.#mine().find((carried) => carried.transport === transport);
    if (!found || !this.counts) return null;
    const base = this.#base.get(found.transport) ?? NOTHING;
    const since = COUNTED.map((name) => [name, found[name] - base[name]]);
    return /** @type {Tally} */ (Object.fromEntries(since));
  }

  #mine() {
    const { room, tab } = this.#reader;
    return (this.#latest?.carried ?? []).filter((each) => each.room === room && each.tab === tab);
  }
}

/**
 * @param {Tally} carried
 * @param {Tally} [base]
 */
function isBelow(carried, base = NOTHING) {
  return COUNTED.some((name) => carried[name] < base[name]);
}
