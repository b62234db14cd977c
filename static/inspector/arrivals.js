// Which messages came over a feed, and how: kept over a reload of the tab, as long as the server may have a record.

/** @import { Seen } from '../shared/types.js' */

/** So many are kept. The server records fewer of a busy feed. */
const MOST = 200;

/**
 * How a message came: `seen` counts from its arrival, so that it means something in the next load too.
 * @typedef {{ transport: string, tab?: string | null, seen: Seen }} Came
 */

export class Arrivals {
  #storedAs;
  #epoch;
  /** @type {Map<number, Came>} */
  #came = new Map(); // by seq
  /** @type {Map<number, Came>} */
  #earlier;

  /**
   * @param {string} storedAs
   * @param {string} epoch of the history: numbers of another one say nothing
   */
  constructor(storedAs, epoch) {
    this.#storedAs = storedAs;
    this.#epoch = epoch;
    this.#earlier = this.#read();
    window.addEventListener('pagehide', () => this.#store());
  }

  /**
   * @param {number} seq
   * @param {Came} came
   */
  add(seq, came) {
    const { at } = came.seen;
    const since = (/** @type {number | undefined} */ time) => (time === undefined || at === undefined ? undefined : time - at);
    const seen = { asked: since(came.seen.asked), at: since(at), sentAt: since(came.seen.sentAt) };
    this.#came.set(seq, { ...came, seen });
    const [first] = this.#came.keys();
    if (this.#came.size > MOST) this.#came.delete(first);
  }

  /**
   * How it came to an earlier load of this tab.
   * @param {number} seq
   */
  earlier(seq) { return this.#earlier.get(seq); }

  #read() {
    const { epoch, came } = JSON.parse(sessionStorage.getItem(this.#storedAs) ?? '{}');
    return new Map(epoch === this.#epoch ? /** @type {[number, Came][]} */ (came) : []);
  }

  #store() {
    const came = [...this.#earlier, ...this.#came].slice(-MOST);
    sessionStorage.setItem(this.#storedAs, JSON.stringify({ epoch: this.#epoch, came }));
  }
}
