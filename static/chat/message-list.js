// The conversation in order: numbered messages, then drafts that are not stored yet.

/** @import { Account, Message, MessageItem, Shown } from '../shared/types.js' */

import { $, element } from '../shared/dom.js';
import { dayName, dayOf } from '../shared/time.js';
import { markConfirmed, messageItem } from './message-item.js';

/** Messages of one person this close together are shown as one run. */
const RUN_MS = 5 * 60_000;
/** More than this many are removed while the old ones are out of sight; scrolling up loads them again. */
const MOST = 1000;
const KEPT = 600;

export class MessageList {
  #root;
  #me;
  /** @type {Map<number, MessageItem>} */
  #items = new Map(); // by seq, oldest first
  #first = Infinity;
  #newFrom = Infinity;

  /**
   * @param {HTMLElement} root
   * @param {Account} me
   */
  constructor(root, me) {
    this.#root = root;
    this.#me = me.username;
  }

  /** The lowest `seq` shown, or null while there is none. */
  get first() { return this.#first === Infinity ? null : this.#first; }

  /**
   * The element of a message, where it is shown.
   * @param {number} seq
   */
  itemOf(seq) { return this.#items.get(seq); }

  /**
   * A line is drawn above the message `seq`, once it is shown: what follows is new.
   * @param {number} seq
   */
  divideAt(seq) {
    this.#newFrom = seq;
    this.#divide();
  }

  #divide() {
    const item = this.#items.get(this.#newFrom);
    if (!item || this.#root.querySelector('.new-from')) return;
    (ownDay(item) ?? item).before(element('li', { className: 'new-from', role: 'none' }, element('h3', {}, 'New')));
    this.#arrange(item);
  }

  /**
   * Adds the newest message, in the place of `draft`, its element so far, if it has one. Returns its
   * element, or null where it is shown already.
   * @param {Message} message
   * @param {MessageItem} [draft]
   */
  append(message, draft) {
    if (this.#items.has(message.seq)) return null;
    const item = draft ?? messageItem(message, this.#me);
    this.#place(item);
    markConfirmed(item, message);
    this.#items.set(message.seq, item);
    this.#first = Math.min(this.#first, message.seq);
    this.#arrange(item, neighbour(item, 'next'));
    return item;
  }

  /**
   * Adds older messages, oldest first, before all others; returns their elements.
   * @param {Message[]} messages
   */
  prepend(messages) {
    const edge = this.#root.querySelector('.edge');
    const before = edge ? edge.nextSibling : this.#root.firstChild;
    const made = messages.filter(({ seq }) => !this.#items.has(seq)).map((message) => {
      const item = messageItem(message, this.#me);
      markConfirmed(item, message);
      this.#root.insertBefore(item, before);
      return /** @type {[number, MessageItem]} */ ([message.seq, item]);
    });
    this.#items = new Map([...made, ...this.#items]);
    this.#first = this.#items.keys().next().value ?? Infinity;
    this.#arrange(...made.map(([, item]) => item));
    const last = made.at(-1);
    if (last) this.#arrange(neighbour(last[1], 'next'));
    this.#divide();
    return made;
  }

  /**
   * Shows a draft at the end; returns its element.
   * @param {Shown & { key: string }} draft
   */
  appendPending(draft) {
    const item = messageItem(draft, this.#me);
    item.dataset.key = draft.key;
    this.#root.append(item);
    this.#arrange(item);
    return item;
  }

  /**
   * A notice between messages: somebody came or left.
   * @param {string} kind
   * @param {string} text
   * @param {string} [username]
   */
  appendNotice(kind, text, username) {
    const notice = element('li', { className: 'notice', role: 'none' }, text);
    notice.dataset.notice = kind;
    if (username) notice.dataset.username = username;
    this.#root.insertBefore(notice, this.#end());
    this.#arrange(neighbour(notice, 'next'));
  }

  /** Forgets the oldest when there are very many; returns whether there were. */
  trim() {
    if (this.#items.size <= MOST) return false;
    const surplus = [...this.#items].slice(0, this.#items.size - KEPT);
    for (const [seq] of surplus) this.#items.delete(seq);
    const [[seq, first]] = this.#items;
    this.#first = seq;
    while (this.#root.firstChild && this.#root.firstChild !== first) this.#root.firstChild.remove();
    this.#arrange(first);
    return true;
  }

  /** Where the numbered messages end: the first draft, or the day that stands over it. */
  #end() {
    let end = null;
    for (let each = lastOf(this.#root); each; each = before(each)) {
      if (!each.dataset.key && !(end && each.classList.contains('day'))) break;
      end = each;
    }
    return end;
  }

  /**
   * Puts a message after all that are numbered. One that is there already is not announced twice.
   * @param {MessageItem} item
   */
  #place(item) {
    const end = this.#end();
    if (end && (end === item || end === ownDay(item))) return;
    const next = item.isConnected ? neighbour(item, 'next') : null;
    ownDay(item)?.remove();
    this.#root.insertBefore(item, end);
    this.#arrange(next);
  }

  /**
   * Days and runs depend on what stands before.
   * @param {...(MessageItem | null)} items
   */
  #arrange(...items) {
    for (const item of items) {
      if (!item) continue;
      const previous = neighbour(item, 'previous');
      const isSameDay = previous !== null && dayOf(previous.sentAt) === dayOf(item.sentAt);
      setDay(item, isSameDay ? null : item.sentAt);
      item.toggleAttribute('data-follows', isSameDay && isRun(previous, item));
    }
  }
}

const lastOf = (/** @type {Element} */ root) => /** @type {HTMLElement | null} */ (root.lastElementChild);
const before = (/** @type {Element} */ item) => /** @type {HTMLElement | null} */ (item.previousElementSibling);

/**
 * The message before or after `item`, over notices and days.
 * @param {Element} item
 * @param {'previous' | 'next'} direction
 */
function neighbour(item, direction) {
  const property = direction === 'next' ? 'nextElementSibling' : 'previousElementSibling';
  let each = item[property];
  while (each && !each.classList.contains('message')) each = each[property];
  return /** @type {MessageItem | null} */ (each);
}

/**
 * @param {MessageItem} previous
 * @param {MessageItem} item
 */
function isRun(previous, item) {
  return previous === item.previousElementSibling
    && previous.sender === item.sender
    && item.sentAt.getTime() - previous.sentAt.getTime() < RUN_MS;
}

/**
 * The heading with the day over `item`, if it has one.
 * @param {MessageItem} item
 */
function ownDay(item) {
  const above = before(item);
  return above?.classList.contains('day') ? above : null;
}

/**
 * Puts a heading with the day over `item`, or (for null) takes it away.
 * @param {MessageItem} item
 * @param {Date | null} date
 */
function setDay(item, date) {
  const present = ownDay(item);
  if (!date) return present?.remove();
  if (!present) item.before(dayItem(date));
  return relabelDays(/** @type {HTMLElement} */ (item.parentElement));
}

/** @typedef {HTMLElement & { date: Date }} DayItem */

/** @param {Date} date */
function dayItem(date) {
  const day = element('li', { className: 'day', role: 'none' }, element('h3', {}, dayName(date)));
  return Object.assign(day, { date });
}

/**
 * "Today" becomes "Yesterday" when the first message of the next day comes.
 * @param {HTMLElement} root
 */
function relabelDays(root) {
  const days = /** @type {NodeListOf<DayItem>} */ (root.querySelectorAll('.day'));
  for (const day of days) $('h3', day).textContent = dayName(day.date);
}
