// Brings what another document of this browser has timed to this page's clock. Both count by one monotonic clock, each
// from its own `timeOrigin`. The difference is exact to the resolution of the browser's clocks: 0.1 ms in Chromium,
// 1 ms elsewhere. A browser that takes `timeOrigin` from the system's clock, which may have been set in between, is
// held to what must be: the far end was ready after it was asked, and before this page was told. That is right to half
// of what a message takes between the two.

/** Of the exchanges of each document, so that no two have the same number. */
const APART = 1_000_000_000;

let documents = 0;

export class FarClock {
  #ahead;
  #first = ++documents * APART;

  /**
   * `at` and `timeOrigin` are the far end's, when it was ready; `asked` and `told` this page's performance.now().
   * @param {{ at: number, timeOrigin: number, asked: number, told: number }} ready
   */
  constructor({ at, timeOrigin, asked, told }) {
    const ahead = timeOrigin - performance.timeOrigin;
    this.#ahead = Math.min(told - at, Math.max(asked - at, ahead));
  }

  /** @param {number} at */
  here(at) { return at + this.#ahead; }

  /**
   * An event, or what belongs to one, by this page's clock and with a number of its own.
   * @template {{ at: number, exchange: number | null }} Timed
   * @param {Timed} timed
   * @returns {Timed}
   */
  timed({ exchange, at, ...rest }) {
    const number = exchange === null ? null : exchange + this.#first;
    return /** @type {Timed} */ ({ ...rest, exchange: number, at: this.here(at) });
  }
}
