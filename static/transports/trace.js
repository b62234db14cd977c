// What a transport reports while it works. Times are performance.now(), in ms.
//
//   { kind: 'request', exchange, at, path }              a poll is sent, a stream or socket opened
//   { kind: 'open', exchange, at }                       a stream or socket is established
//   { kind: 'response', exchange, at, status, messages } a poll's response, with so many messages
//   { kind: 'push', exchange, at, messages }             an event or a frame has come (0 or 1 message)
//   { kind: 'failed', exchange, at, reason }             the exchange ended in an error
//   { kind: 'closed', exchange: null, at }               this page closed it (from connection.js)
//
// `exchange` numbers the requests of this page, so that a response finds its request.

/** @import { Arrived, TraceEvent } from '../shared/types.js' */

let count = 0;

/** Reports one exchange, which begins now with a request for `path`. */
export class Exchange {
  #tell;

  /**
   * @param {(event: TraceEvent) => void} tell
   * @param {string} path
   */
  constructor(tell, path) {
    this.#tell = tell;
    this.number = ++count;
    this.tell('request', { path });
  }

  /**
   * Returns what `on.message` needs beside a message: which exchange, and when.
   * @param {TraceEvent['kind']} kind
   * @param {{ path?: string, status?: number, messages?: number, reason?: string }} [details] what this kind has
   * @returns {Arrived}
   */
  tell(kind, details = {}) {
    const at = performance.now();
    this.#tell(/** @type {TraceEvent} */ ({ kind, exchange: this.number, at, ...details }));
    return { exchange: this.number, at };
  }
}
