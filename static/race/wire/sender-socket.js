// A socket of the sender's own, for streams that posts one after another are too slow for: behind a link with
// 40 ms each way two posts at once are 25 a second. It takes none of the browser's six connections, and
// counts for no transport.

/** @import { Channel, Draft } from '../../shared/types.js' */
/** @import { SocketListeners } from './wire.js' */

import { transports } from '../../transports/index.js';

/** The `tab=` of its requests. */
const NAME = 'sender';

export class SenderSocket {
  /** @type {Channel | null} */
  #handle;

  /**
   * @param {string} room
   * @param {number} after as far as the room is known: what it brings is not needed
   * @param {SocketListeners} told
   */
  constructor(room, after, { up, ack, refused, lost }) {
    const transport = [...transports.values()].find(({ carriesBothWays }) => carriesBothWays);
    const ignore = () => {};
    const down = () => {
      this.close();
      lost();
    };
    const on = { up, message: ignore, presence: ignore, trace: ignore, ack, refused, down };
    const options = { room, after, query: { tab: NAME }, presence: false, settings: {}, bound: false, on };
    this.#handle = /** @type {Channel | null} */ (transport?.open(options) ?? null);
  }

  /** @param {Draft} draft */
  send(draft) { this.#handle?.send(draft); }

  close() {
    this.#handle?.close();
    this.#handle = null;
  }
}
