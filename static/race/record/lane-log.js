// What happened over one transport: its exchanges and its deliveries. Made from the events of
// trace.js; all times are performance.now().

/** @import { TraceEvent } from '../../shared/types.js' */
/** @import { Sent } from './record.js' */

/** @typedef {'message' | 'empty' | 'failed' | 'closed'} Outcome */

/**
 * A request and what came of it; without `endedAt` it goes on. `carried` are the messages of its response,
 * the oldest first; those of a stream are deliveries alone.
 * @typedef {object} LaneExchange
 * @property {number} number
 * @property {number} at
 * @property {boolean} parks
 * @property {Sent[]} carried
 * @property {number} [openedAt]
 * @property {number} [endedAt]
 * @property {Outcome} [outcome]
 */

/** @typedef {{ at: number, message: Sent, isPushed: boolean }} LaneDelivery */

/** Longer than any way from the server that one waits for. */
const LONGEST_WAY_MS = 5000;

export class LaneLog {
  /**
   * One ends before the next begins.
   * @type {LaneExchange[]}
   */
  exchanges = [];
  /** @type {LaneDelivery[]} */
  deliveries = [];
  /** Half of the shortest round trip of a request that was not parked, over the line in use, in ms. */
  oneWay = Number.POSITIVE_INFINITY;

  /**
   * Returns from when on the lane looks different: what was parked or open looked the same before.
   * @param {TraceEvent} event
   */
  trace(event) {
    const { kind, exchange: number, at } = event;
    if (kind === 'request') this.#begin(number, at, event.path);
    else if (kind === 'open') this.#change(number, { openedAt: at });
    else if (kind === 'response') this.#respond(number, at, event.messages > 0);
    else if (kind === 'failed') this.#change(number, { endedAt: at, outcome: 'failed' });
    else if (kind === 'closed') this.#close(at);
    return kind === 'closed' ? at : this.#changedBy(number, at);
  }

  /**
   * @param {number} number
   * @param {number} at
   */
  #changedBy(number, at) {
    const exchange = this.#find(number);
    if (!exchange || exchange.openedAt !== undefined && exchange.openedAt < at) return at;
    const way = Math.min(2 * this.oneWay, LONGEST_WAY_MS);
    return exchange.parks ? Math.max(exchange.at, at - way) : exchange.at;
  }

  /**
   * @param {Sent} message
   * @param {{ exchange: number, at: number }} arrived
   */
  delivered(message, { exchange: number, at }) {
    const exchange = this.#find(number);
    const isPushed = exchange?.openedAt !== undefined;
    if (!isPushed) exchange?.carried.push(message);
    this.deliveries.push({ at, message, isPushed });
  }

  /** Whether a request is out that the server may park. */
  get isParked() { return this.exchanges.some(({ parks, endedAt }) => parks && endedAt === undefined); }

  /**
   * When the request of the exchange with this number was sent.
   * @param {number} number
   */
  askedAt(number) { return this.#find(number)?.at; }

  /**
   * Lets go of what had ended by then.
   * @param {number} at
   */
  forget(at) {
    this.exchanges.splice(0, firstFrom(this.exchanges, at, endOf));
    this.deliveries.splice(0, firstFrom(this.deliveries, at));
  }

  /**
   * What a span of time shows of it.
   * @param {number} from
   * @param {number} to
   */
  within(from, to) {
    return {
      exchanges: part(this.exchanges, from, to, endOf),
      deliveries: part(this.deliveries, from, to),
      /** What may have been on its way at the end. */
      coming: part(this.deliveries, to, to + LONGEST_WAY_MS),
    };
  }

  /**
   * @param {number} number
   * @param {number} at
   * @param {string} path
   */
  #begin(number, at, path) {
    // Only a poll with `wait` is parked; any other time is the round trip.
    this.exchanges.push({ number, at, parks: /[?&]wait=/.test(path), carried: [] });
  }

  /**
   * @param {number} number
   * @param {number} at
   * @param {boolean} isFull
   */
  #respond(number, at, isFull) {
    this.#change(number, { endedAt: at, outcome: isFull ? 'message' : 'empty' });
    const exchange = this.#find(number);
    if (exchange && !exchange.parks) this.oneWay = Math.min(this.oneWay, (at - exchange.at) / 2);
  }

  /**
   * @param {number} number
   * @param {Partial<LaneExchange>} change
   */
  #change(number, change) {
    const found = this.#find(number);
    if (found) Object.assign(found, change);
  }

  /**
   * The page has closed what was open.
   * @param {number} at
   */
  #close(at) {
    for (const exchange of this.exchanges) {
      if (exchange.endedAt === undefined) Object.assign(exchange, { endedAt: at, outcome: 'closed' });
    }
  }

  /** @param {number} number */
  #find(number) { return this.exchanges.findLast((exchange) => exchange.number === number); }
}

/** @param {LaneExchange} exchange */
const endOf = ({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY;

/**
 * The index of the first at or after `at`, by halving: of 200 messages a second there are many.
 * @template {{ at: number }} Entry
 * @param {Entry[]} list in order of time
 * @param {number} at
 * @param {(entry: Entry) => number} [timeOf]
 */
function firstFrom(list, at, timeOf = (entry) => entry.at) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(list[middle]) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Those that end at or after `from` and begin by `to`.
 * @template {{ at: number }} Entry
 * @param {Entry[]} list
 * @param {number} from
 * @param {number} to
 * @param {(entry: Entry) => number} [endOf]
 */
function part(list, from, to, endOf) {
  return list.slice(firstFrom(list, from, endOf), firstFrom(list, to));
}
