// What one lane has to draw: the exchanges of one transport, its pushes, its deliveries. Made from
// the events of trace.js; all times are performance.now().

/** @import { TraceEvent } from '../shared/types.js' */

/** @typedef {'message' | 'empty' | 'failed' | 'closed'} Outcome */

/**
 * An exchange as it is drawn; without `endedAt` it goes on.
 * @typedef {object} LaneExchange
 * @property {number} number
 * @property {number} at
 * @property {boolean} parks
 * @property {number} [openedAt]
 * @property {number} [endedAt]
 * @property {Outcome} [outcome]
 */

/** @typedef {{ at: number, messages: number }} LanePush */
/** @typedef {{ at: number, due: number }} LaneDelivery */

/** Longer than lanes.js shows. */
const KEPT_MS = 12_000;

export class LaneLog {
  /** @type {LaneExchange[]} */
  exchanges = [];
  /** @type {LanePush[]} */
  pushes = [];
  /**
   * Only messages that this page has sent.
   * @type {LaneDelivery[]}
   */
  deliveries = [];

  /** @param {TraceEvent} event */
  trace(event) {
    const { kind, exchange: number, at } = event;
    if (kind === 'request') this.#begin(number, at, event.path);
    else if (kind === 'open') this.#change(number, { openedAt: at });
    else if (kind === 'response') this.#change(number, { endedAt: at, outcome: event.messages > 0 ? 'message' : 'empty' });
    else if (kind === 'push') this.pushes.push({ at, messages: event.messages });
    else if (kind === 'failed') this.#change(number, { endedAt: at, outcome: 'failed' });
    else if (kind === 'closed') this.#close(at);
  }

  /**
   * @param {number} at
   * @param {number | undefined} due
   */
  delivered(at, due) {
    if (due !== undefined) this.deliveries.push({ at, due });
  }

  /** Whether a request is out that the server may park. */
  get isParked() { return this.exchanges.some(({ parks, endedAt }) => parks && endedAt === undefined); }

  /**
   * When the request of the exchange with this number was sent.
   * @param {number} number
   */
  askedAt(number) { return this.#find(number)?.at; }

  /** Lets go of what is past. */
  forget() {
    const at = performance.now() - KEPT_MS;
    this.exchanges = this.exchanges.filter(({ endedAt }) => endedAt === undefined || endedAt >= at);
    this.pushes = this.pushes.filter((push) => push.at >= at);
    this.deliveries = this.deliveries.filter((delivery) => delivery.at >= at);
  }

  /**
   * @param {number} number
   * @param {number} at
   * @param {string} path
   */
  #begin(number, at, path) {
    // Only a poll with `wait` is parked; any other time is the round trip.
    this.exchanges.push({ number, at, parks: /[?&]wait=/.test(path) });
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
