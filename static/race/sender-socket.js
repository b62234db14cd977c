// A socket of the sender's own, for streams that posts one after another are too slow for: behind a link with
// 40 ms each way two posts at once are 25 a second. It takes none of the browser's six connections, and
// counts for no transport.

/** @import { Ack, Channel, Draft, Refusal } from '../shared/types.js' */

import { transports } from '../transports/index.js';

/** The `tab=` of its requests. */
const NAME = 'sender';

/** @typedef {{ ack: (ack: Ack) => void, refused: (refusal: Refusal) => void, lost: () => void }} Told */

export class SenderSocket {
  /** @type {Channel | null} */
  #handle;
  #isUp = false;

  /**
   * @param {string} room
   * @param {number} after as far as the room is known: what it brings is not needed
   * @param {Told} told
   */
  constructor(room, after, { ack, refused, lost }) {
    const transport = [...transports.values()].find(({ carriesBothWays }) => carriesBothWays);
    const ignore = () => {};
    const down = () => {
      this.close();
      lost();
    };
    const on = { up: () => { this.#isUp = true; }, message: ignore, presence: ignore, trace: ignore, ack, refused, down };
    const options = { room, after, query: { tab: NAME }, presence: false, settings: {}, bound: false, on };
    this.#handle = /** @type {Channel | null} */ (transport?.open(options) ?? null);
  }

  get isUp() { return this.#isUp; }

  /** @param {Draft} draft */
  send(draft) { this.#handle?.send(draft); }

  close() {
    this.#isUp = false;
    this.#handle?.close();
    this.#handle = null;
  }
}
