// A stream of messages on a schedule that is drawn beforehand, so that a late message does not delay
// the next one (an open loop, as in the lab).

/** @import { Options } from './options.js' */
/** @import { Sender } from './sender.js' */

import { MOST_WAITING } from './sender.js';

/** @type {Record<string, (mean: number) => number>} */
const GAPS = {
  steady: (mean) => mean,
  poisson: (mean) => -Math.log(1 - Math.random()) * mean,
};

/** Dispatches `start`; and `change` when it starts, pauses or stops; `why` then says in words what it waits for. */
export class Stream extends EventTarget {
  #sender;
  #options;
  /** @type {number | undefined} */
  #timer;
  #due = 0;
  #count = 0;
  #isOn = false;
  why = '';

  /**
   * @param {Sender} sender
   * @param {Options} options which may change
   */
  constructor(sender, options) {
    super();
    this.#sender = sender;
    this.#options = options;
    options.addEventListener('change', () => this.#begin());
    document.addEventListener('visibilitychange', () => this.#begin());
    sender.addEventListener('change', () => this.#begin());
    sender.addEventListener('failed', (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      if (this.#isOn) this.stop(`Stopped: ${detail.message}`);
    });
  }

  get isOn() { return this.#isOn; }

  start() {
    this.#isOn = true;
    this.dispatchEvent(new Event('start'));
    this.#begin();
  }

  toggle() {
    if (this.#isOn) this.stop();
    else this.start();
  }

  stop(why = '') {
    this.#isOn = false;
    this.#sender.rest();
    this.#tell(why);
    clearTimeout(this.#timer);
  }

  /** From now on; at once after a change, so that a low rate does not delay a higher one. */
  #begin() {
    clearTimeout(this.#timer);
    if (!this.#isOn) return;
    // A hidden page's timers tick once a second at best: that would be a different stream.
    if (document.hidden) return this.#tell('Paused while this tab is hidden.');
    if (this.#sender.isOffline) return this.#tell('Paused while the sender is offline.');
    this.#tell('');
    this.#due = performance.now() + this.#gap();
    this.#wait();
  }

  #wait() {
    this.#timer = setTimeout(() => this.#sendDue(), Math.max(0, this.#due - performance.now()));
  }

  #sendDue() {
    for (const now = performance.now(); this.#due <= now; this.#due += this.#gap()) {
      if (this.#sender.waiting > MOST_WAITING) return this.stop('Stopped: more are due than can be sent.');
      this.#count += 1;
      this.#sender.send(`Message ${this.#count}`, this.#due);
    }
    this.#wait();
  }

  #gap() {
    const { values, pace } = this.#options;
    return GAPS[pace](1000 / values.rate);
  }

  /** @param {string} why */
  #tell(why) {
    this.why = why;
    this.dispatchEvent(new Event('change'));
  }
}
