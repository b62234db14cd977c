// Where the reader is in a conversation, found again after a reload: the message that was at the top of the view,
// else the first one that has not been read.

/** @import { Follow } from './follow.js' */
/** @import { History } from './history.js' */
/** @import { MessageList } from './message-list.js' */

/**
 * A message, and how many pixels below the top of the view it begins.
 * @typedef {{ seq: number, top: number }} Spot
 */

/** What leads back here. Whoever comes by a link looks for what is new. */
const RETURNS = ['reload', 'back_forward'];
/** Above the first message that has not been read: its heading, and a little of what stands before. */
const ABOVE_PX = 72;

export class Place {
  #root;
  #list;
  #follow;
  #storedAs;

  /**
   * `root` holds the messages; `storedAs` is the name under which the tab keeps the place.
   * @param {{ root: HTMLElement, list: MessageList, follow: Follow, storedAs: string }} options
   */
  constructor({ root, list, follow, storedAs }) {
    this.#root = root;
    this.#list = list;
    this.#follow = follow;
    this.#storedAs = storedAs;
    window.addEventListener('pagehide', () => this.#leave());
  }

  /**
   * Goes there from the end, where that is another place. The messages from `newFrom` up to `head` have not been
   * read; null if all have.
   * @param {History} history
   * @param {{ newFrom: number | null, head: number }} unread
   */
  async find(history, { newFrom, head }) {
    const unseen = newFrom === null ? 0 : head - newFrom + 1;
    const spot = this.#left ?? (newFrom === null ? null : { seq: newFrom, top: ABOVE_PX });
    if (newFrom !== null) this.#list.divideAt(newFrom);
    if (!spot || spot.seq > head) return;
    await history.reach(spot.seq);
    const item = this.#list.itemOf(spot.seq);
    if (item) this.#follow.show(item, spot.top, unseen);
  }

  /** @returns {Spot | null} */
  get #left() {
    const [{ type }] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
    return RETURNS.includes(type) ? JSON.parse(sessionStorage.getItem(this.#storedAs) ?? 'null') : null;
  }

  #leave() {
    const spot = this.#follow.isAtEnd ? null : this.#spot();
    if (spot) sessionStorage.setItem(this.#storedAs, JSON.stringify(spot));
    else sessionStorage.removeItem(this.#storedAs);
  }

  /** @returns {Spot | null} */
  #spot() {
    const edge = this.#root.getBoundingClientRect().top;
    const items = /** @type {NodeListOf<HTMLElement>} */ (this.#root.querySelectorAll(':scope > [data-seq]'));
    const first = [...items].find((item) => item.getBoundingClientRect().bottom > edge);
    return first ? { seq: Number(first.dataset.seq), top: first.getBoundingClientRect().top - edge } : null;
  }
}
