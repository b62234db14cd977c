// Older messages: the newest page at the beginning, one more whenever the reader nears the top.

/** @import { HistoryKind, Message, MessageItem, PollResponse, Query, Seen } from '../shared/types.js' */
/** @import { Follow } from './follow.js' */
/** @import { MessageList } from './message-list.js' */

import { getJson } from '../shared/api.js';
import { element } from '../shared/dom.js';

/** So many messages at a time. */
export const PAGE = 50;
/** How far back one request leads, and how many messages are to stand above the one that is looked for. */
const FARTHEST = 500;
const ABOVE = 20;
const NEAR_TOP_PX = 300;
const RETRY_MS = 3000;

/**
 * How messages came: with which request, and when it was sent and its response was here.
 * @typedef {{ history: HistoryKind, seen: Seen }} How
 */

export class History {
  #room;
  #query;
  #root;
  #list;
  #follow;
  #seen;
  #shown;
  #isBusy = false;
  #edge = element('li', { className: 'edge', role: 'none' });

  /**
   * `seen` gets what was stored, so that drafts from before a reload are recognised; `shown` each message's
   * element, and how it came. `query` is in each request.
   * @param {object} options
   * @param {string} options.room
   * @param {Query} options.query
   * @param {HTMLElement} options.root
   * @param {MessageList} options.list
   * @param {Follow} options.follow
   * @param {(messages: Message[]) => void} options.seen
   * @param {(item: MessageItem, seq: number, how: How) => void} options.shown
   */
  constructor({ room, query, root, list, follow, seen, shown }) {
    this.#room = room;
    this.#query = query;
    this.#root = root;
    this.#list = list;
    this.#follow = follow;
    this.#seen = seen;
    this.#shown = shown;
    root.prepend(this.#edge);
    root.addEventListener('scroll', () => this.#more(), { passive: true });
  }

  /**
   * The newest page up to `head`, which may be known already, asked for at a time; rejects where it can't be had.
   * @param {number} head
   * @param {PollResponse | null} known
   * @param {Seen} asked
   */
  async begin(head, known, asked) {
    if (known) this.#add(known.messages, { history: 'start', seen: asked });
    else await this.#load(head + 1);
    this.#follow.toEnd();
    this.#more();
  }

  /**
   * Loads until the message `seq` is there, unless it is very far back. What can't be had is left out: whoever
   * scrolls up asks again.
   * @param {number} seq
   */
  async reach(seq) {
    const { first } = this.#list;
    if (first === null || seq >= first) return;
    const limit = first - seq + ABOVE;
    if (limit <= FARTHEST) await this.#load(first, limit).catch(() => {});
  }

  async #more() {
    const { first } = this.#list;
    if (this.#isBusy || first === null || first === 1 || this.#root.scrollTop > NEAR_TOP_PX) return;
    this.#isBusy = true;
    this.#edge.textContent = 'Loading earlier messages…';
    await this.#load(first).catch(() => new Promise((resolve) => setTimeout(resolve, RETRY_MS)));
    this.#isBusy = false;
    this.#more(); // still near the top: a tall window, or a page that could not be had
  }

  /**
   * @param {number} before
   * @param {number} [limit]
   */
  async #load(before, limit = PAGE) {
    const query = { ...this.#query, before, limit };
    const asked = performance.now();
    /** @type {PollResponse | null} */
    const response = before > 1 ? await getJson(`/api/rooms/${this.#room}/messages`, { query }) : null;
    this.#add(response?.messages ?? [], { history: 'older', seen: { asked, at: performance.now() } });
  }

  /**
   * @param {Message[]} messages
   * @param {How} how
   */
  #add(messages, how) {
    // Old messages are not news to be read aloud; what is read is found out with the next picture.
    this.#root.setAttribute('aria-busy', 'true');
    this.#follow.keepingPlace(() => this.#show(messages, how));
    requestAnimationFrame(() => requestAnimationFrame(() => this.#root.removeAttribute('aria-busy')));
  }

  /**
   * @param {Message[]} messages
   * @param {How} how
   */
  #show(messages, how) {
    this.#seen(messages);
    for (const [seq, item] of this.#list.prepend(messages)) this.#shown(item, seq, how);
    const isAll = this.#list.first === null || this.#list.first === 1;
    this.#edge.textContent = isAll ? 'This is the beginning of the room.' : '';
    if (!this.#edge.isConnected) this.#root.prepend(this.#edge); // trimmed away
  }
}
