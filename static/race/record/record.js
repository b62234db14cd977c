// What happened in a race, over all transports: the messages that this page has sent, and a log for each
// transport. A live race writes it; the lanes, the figures and a saved recording are made from it.

/** @import { Message, TraceEvent } from '../../shared/types.js' */

import { LaneLog } from './lane-log.js';

/**
 * A message. Times are performance.now(): when it was due to be sent, when this page posted it, when the
 * server's response came, and when the first transport brought it. Of others' messages only the last is known.
 * @typedef {object} Sent
 * @property {string} body
 * @property {number} [seq]
 * @property {number} [due]
 * @property {number} [posted]
 * @property {number} [acknowledged]
 * @property {number} [first]
 * @property {boolean} [isRefused] no response said that it was stored
 */

/**
 * When the race went over from one line to another, and their names; `oneWay` of the line before.
 * @typedef {{ at: number, from: string, to: string, oneWay: number }} Change
 */

/** How far back one may look. */
export const KEPT_MS = 120_000;
const REMEMBERED = 2000;

export class Record {
  lanes;
  /**
   * This page's own, as they were posted.
   * @type {Sent[]}
   */
  sent = [];
  /** @type {Change[]} */
  changes = [];
  /** @type {Map<string, Sent>} */
  #byKey = new Map();
  /** @type {Map<number, Sent>} */
  #bySeq = new Map();
  #oneWay = Number.POSITIVE_INFINITY;
  /** The newest `seq` that any transport has brought. */
  lastSeq = 0;

  /** From where on the lanes look different than they did. */
  #changedFrom = Number.POSITIVE_INFINITY;

  /** @param {string[]} slugs */
  constructor(slugs) {
    this.lanes = new Map(slugs.map((slug) => [slug, new LaneLog()]));
  }

  /**
   * @param {string} slug
   * @returns {LaneLog}
   */
  lane(slug) { return /** @type {LaneLog} */ (this.lanes.get(slug)); }

  /**
   * Half of the shortest round trip that was seen over the line in use, in ms: what a page can know of the way to the
   * server.
   */
  get oneWay() {
    const seen = Math.min(this.#oneWay, ...[...this.lanes.values()].map(({ oneWay }) => oneWay));
    return Number.isFinite(seen) ? seen : 0;
  }

  /**
   * The same, of the line that was in use then.
   * @param {number} at
   */
  oneWayAt(at) { return (this.changes.find((change) => at < change.at) ?? this).oneWay; }

  /**
   * This page posts a message now. One that is sent again was posted when it was sent first.
   * @param {string} key
   * @param {{ body: string, due: number, at: number }} message
   */
  posted(key, { body, due, at }) {
    if (this.#byKey.has(key)) return;
    const sent = { body, due, posted: at };
    this.sent.push(sent);
    this.#change(due);
    remember(this.#byKey, key, sent);
  }

  /**
   * The server has said that it is stored.
   * @param {string} key
   * @param {number} at
   */
  acknowledged(key, at) {
    const sent = this.#byKey.get(key);
    if (!sent) return;
    sent.acknowledged = at;
    this.#change(sent.due ?? at);
    if ((sent.posted ?? at) < (this.changes.at(-1)?.at ?? Number.NEGATIVE_INFINITY)) return; // over another line
    this.#oneWay = Math.min(this.#oneWay, (at - (sent.posted ?? at)) / 2);
  }

  /**
   * No response came, or one that refuses it: it may be stored all the same.
   * @param {string} key
   */
  refused(key) {
    const sent = this.#byKey.get(key);
    if (!sent) return;
    sent.isRefused = true;
    this.#change(sent.due ?? 0);
  }

  /**
   * @param {string} slug
   * @param {TraceEvent} event
   */
  trace(slug, event) {
    const from = this.lanes.get(slug)?.trace(event);
    if (from !== undefined) this.#change(from);
  }

  /**
   * The race goes over to another line.
   * @param {{ from: string, to: string }} names
   * @param {number} at
   */
  wentOver(names, at) {
    this.changes.push({ at, ...names, oneWay: this.oneWay });
    this.#oneWay = Number.POSITIVE_INFINITY;
    for (const log of this.lanes.values()) log.oneWay = Number.POSITIVE_INFINITY;
    this.#change(at);
  }

  /**
   * `slug` has brought a message; returns what is known of it.
   * @param {string} slug
   * @param {Message} message
   * @param {{ exchange: number, at: number }} arrived
   */
  delivered(slug, { seq, key, body }, arrived) {
    const known = (key !== null && this.#byKey.get(key)) || this.#bySeq.get(seq);
    /** @type {Sent} */
    const sent = known || { body };
    if (!known) remember(this.#bySeq, seq, sent);
    sent.seq = seq;
    this.lastSeq = Math.max(this.lastSeq, seq);
    sent.first = Math.min(sent.first ?? arrived.at, arrived.at);
    this.lanes.get(slug)?.delivered(sent, arrived);
    this.#change(sent.due ?? arrived.at - 2 * this.oneWay);
    return sent;
  }

  /** Whether something has changed since that was asked. */
  get hasChanged() { return this.#changedFrom < Number.POSITIVE_INFINITY; }

  /**
   * The earliest instant whose picture is another one than when this was asked last.
   * @returns {number}
   */
  takeChanges() {
    const from = this.#changedFrom;
    this.#changedFrom = Number.POSITIVE_INFINITY;
    return from;
  }

  /** @param {number} from */
  #change(from) { this.#changedFrom = Math.min(this.#changedFrom, from); }

  /**
   * This page's messages that were posted in a span of time.
   * @param {number} from
   * @param {number} to
   */
  sentWithin(from, to) { return this.sent.filter(({ posted = 0 }) => posted >= from && posted <= to); }

  /** When the kept part begins. */
  get begin() {
    const firsts = [...this.lanes.values()].map(({ exchanges }) => exchanges[0]?.at ?? Number.POSITIVE_INFINITY);
    return Math.min(...firsts, this.sent[0]?.due ?? Number.POSITIVE_INFINITY);
  }

  /**
   * Lets go of what was over by then.
   * @param {number} at
   */
  forget(at) {
    for (const log of this.lanes.values()) log.forget(at);
    const index = this.sent.findIndex(({ posted = at }) => posted >= at);
    this.sent.splice(0, index < 0 ? this.sent.length : index);
    this.changes = this.changes.filter((change) => change.at >= at);
  }
}

/**
 * @template Key
 * @param {Map<Key, Sent>} map
 * @param {Key} key
 * @param {Sent} sent
 */
function remember(map, key, sent) {
  map.set(key, sent);
  if (map.size > REMEMBERED) map.delete(/** @type {Key} */ (map.keys().next().value));
}
