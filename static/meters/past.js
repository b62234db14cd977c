// What the history chart shows: the last minutes of latencies, of bytes a second, and of changes.

/** @import { Tally } from '../shared/types.js' */

const KEPT_MS = 180_000;
/** A message every 100 ms for as long. */
const MOST = 1800;

/** Times are Date.now(). */
export class Past {
  /** @type {{ at: number, ms: number, transport: string }[]} */
  latencies = [];
  /** @type {{ at: number, perSecond: number }[]} */
  rates = [];
  /** @type {{ at: number, transport: string }[]} */
  changes = [];
  /**
   * At the latest count.
   * @type {{ at: number, bytes: number } | null}
   */
  #last = null;

  /**
   * @param {number} ms
   * @param {string} transport
   */
  arrived(ms, transport) { this.#add(this.latencies, { ms, transport }); }

  /**
   * `transport` is in use from now on, or already was.
   * @param {string} transport
   */
  uses(transport) {
    if (this.changes.at(-1)?.transport === transport) return;
    this.#last = null; // counted afresh from here on
    this.#add(this.changes, { transport });
  }

  /**
   * `counted` is what Counters.of returns.
   * @param {Tally | null} counted
   */
  counted(counted) {
    if (!counted) return;
    const now = { at: Date.now(), bytes: counted.bytes_up + counted.bytes_down };
    const last = this.#last;
    this.#last = now;
    if (!last) return;
    const seconds = (now.at - last.at) / 1000;
    // Two counts in one instant give no rate; after a pause the rate would be a mean over all of it.
    if (seconds < 0.5 || seconds > 5 || now.bytes < last.bytes) return;
    this.#add(this.rates, { perSecond: (now.bytes - last.bytes) / seconds });
  }

  /** The span to show, in ms since 1970: as long as there is something, 3 minutes at most. */
  get span() {
    const now = Date.now();
    const first = Math.min(now - 30_000, ...[this.latencies, this.rates, this.changes].map((list) => list[0]?.at ?? now));
    return [Math.max(first, now - KEPT_MS), now];
  }

  /**
   * @template {{ at: number }} Entry
   * @param {Entry[]} list
   * @param {Omit<Entry, 'at'>} entry
   */
  #add(list, entry) {
    const at = Date.now();
    list.push(/** @type {Entry} */ ({ at, ...entry }));
    // The latest change before the span names the transport in use.
    const isOld = (/** @type {number} */ index) => list[index] && list[index].at < at - KEPT_MS;
    const kept = /** @type {unknown} */ (list) === this.changes ? 1 : 0;
    while (list.length > MOST || isOld(kept)) list.shift();
  }
}
