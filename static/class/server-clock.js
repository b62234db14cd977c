// The server's clock, as this page estimates it (the way of NTP): a response says what the clock was when the server
// handled the request, which was some time between sending and receiving. Half way is the best guess, and it is wrong
// by half of the round trip at most. Of the last few round trips the shortest counts.

const SAMPLES = 8;

/** Milliseconds since 1970 by this page's clock, with fractions, for a performance.now(). */
const ownTime = (/** @type {number} */ at) => performance.timeOrigin + at;

/**
 * A timestamp of the server as milliseconds since 1970; Date.parse would drop the microseconds.
 * @param {string} text
 */
export function serverTime(text) {
  const [, fraction = ''] = text.match(/\.(\d+)/) ?? [];
  return Date.parse(text.replace(/\.\d+/, '')) + Number(`0.${fraction || 0}`) * 1000;
}

export class ServerClock {
  /** @type {{ offset: number, trip: number }[]} */
  #samples = [];

  /** Of the samples the best, or undefined where there is none. */
  get #best() {
    return this.#samples.reduce((best, each) => (each.trip < best.trip ? each : best), this.#samples[0]);
  }

  get isKnown() { return this.#samples.length > 0; }

  /** How wrong it may be, in ms. */
  get errorMs() { return this.#best && this.#best.trip / 2; }

  /**
   * A request was sent and its response came (performance.now()), in which the server said `now`.
   * @param {number} sent
   * @param {number} came
   * @param {string} now
   */
  learn(sent, came, now) {
    const sample = { offset: serverTime(now) - ownTime((sent + came) / 2), trip: came - sent };
    this.#samples = [...this.#samples, sample].slice(-SAMPLES);
  }

  /** What was learnt may be wrong now: a phone that slept stops its own clock. */
  forget() { this.#samples = []; }

  /**
   * How many ms after the server's stamp something came; an error of the clock makes nothing come before it.
   * @param {string} stamp
   * @param {number} at performance.now()
   */
  since(stamp, at) {
    return Math.max(0, ownTime(at) + this.#best.offset - serverTime(stamp));
  }
}
