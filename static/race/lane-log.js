// What one lane has to draw: the exchanges of one transport, its pushes, its deliveries. Made from
// the events of trace.js; all times are performance.now().

/** Longer than lanes.js shows. */
const KEPT_MS = 12_000;

export class LaneLog {
  /** { number, at, parks, openedAt, endedAt, outcome }; outcome: `message | empty | failed | closed`. */
  exchanges = [];
  /** { at, messages } */
  pushes = [];
  /** { at, due }: only those whose sending this page knows. */
  deliveries = [];

  trace({ kind, exchange: number, at, ...details }) {
    if (kind === 'request') this.#begin(number, at, details.path);
    else if (kind === 'open') this.#find(number).openedAt = at;
    else if (kind === 'answer') this.#end(number, at, details.messages > 0 ? 'message' : 'empty');
    else if (kind === 'push') this.pushes.push({ at, messages: details.messages });
    else if (kind === 'failed') this.#end(number, at, 'failed');
    else if (kind === 'closed') this.#close(at);
  }

  delivered(at, due) {
    if (due !== undefined) this.deliveries.push({ at, due });
  }

  /** Whether a question is out that the server may keep. */
  get isParked() { return this.exchanges.some(({ parks, endedAt }) => parks && endedAt === undefined); }

  /** When the exchange with this number was asked. */
  askedAt(number) { return this.#find(number)?.at; }

  /** Lets go of what is past. */
  forget() {
    const at = performance.now() - KEPT_MS;
    this.exchanges = this.exchanges.filter(({ endedAt }) => !(endedAt < at));
    this.pushes = this.pushes.filter((push) => push.at >= at);
    this.deliveries = this.deliveries.filter((delivery) => delivery.at >= at);
  }

  #begin(number, at, path) {
    // Only a poll that says how long it may wait is parked; any other time is the way there and back.
    this.exchanges.push({ number, at, parks: /[?&]wait=/.test(path) });
  }

  #end(number, at, outcome) {
    Object.assign(this.#find(number), { endedAt: at, outcome });
  }

  /** The page has closed whatever was open. */
  #close(at) {
    for (const exchange of this.exchanges) {
      if (exchange.endedAt === undefined) Object.assign(exchange, { endedAt: at, outcome: 'closed' });
    }
  }

  #find(number) { return this.exchanges.findLast((exchange) => exchange.number === number); }
}
