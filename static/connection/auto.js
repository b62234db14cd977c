// Chooses the transport by trying: the best first, then down the ladder until one works. While a
// lower one is in use, the higher ones are tried beside it from time to time, so that reading
// goes on meanwhile. auto-watch.js watches a feed that is open and brings nothing.

/** @import { Attempt, AutoNow } from '../shared/types.js' */
/** @import { Connection } from './connection.js' */

import { ladder, transportOf } from '../transports/index.js';
import { Watch } from './auto-watch.js';

/** How long until higher rungs are tried again; twice as long after each time in vain. */
const CLIMB_AFTER_MS = 20_000;
const CLIMB_AT_MOST_MS = 300_000;
const REMEMBERED = 12;

export class AutoChoice {
  #rung = 0;
  #begun = performance.now();
  /** @type {Attempt[]} */
  #attempts = [];
  #climbAfter = CLIMB_AFTER_MS;
  /** @type {number | undefined} */
  #climbTimer;
  /** @type {number | null} */
  #nextAt = null;
  #isClimbing = false;
  #isProven = false; // the present rung has brought something
  #wasProven = false; // until it was left
  #connection;
  #watch;
  #changed;

  /**
   * `changed(attempts, now)` is called after every change; the newest attempt is last.
   * @param {Connection} connection
   * @param {(attempts: Attempt[], now: AutoNow) => void} changed
   */
  constructor(connection, changed) {
    this.#connection = connection;
    this.#changed = changed;
    this.#watch = new Watch(connection, (after, reason) => this.#condemn(after, reason));
  }

  get slug() { return ladder[this.#rung]; }

  opening() {
    this.#begun = performance.now();
    this.#isProven = false;
    if (this.#mustBring) this.#watch.proof();
    this.#tell();
  }

  /** A poll's response has come through. A push is open; it has not yet brought anything. */
  up() { if (!this.#mustBring) this.#prove(); }

  heard() {
    if (this.#isProven) this.#watch.again(this.slug);
    else this.#prove();
  }

  /**
   * The present rung has failed. One that had worked is tried once more before it is given up; below
   * the lowest one, the server itself cannot be reached: wait, and start at the top.
   * @param {string} reason
   * @param {{ hadWorked: boolean, status?: number }} details
   * @returns {'now' | 'later'}
   */
  failed(reason, { hadWorked }) {
    const deservesAnother = hadWorked && this.#wasProven;
    this.#note(this.slug, 'failed', reason);
    if (!deservesAnother) this.#rung = (this.#rung + 1) % ladder.length;
    this.#tell();
    return deservesAnother || this.#rung > 0 ? 'now' : 'later';
  }

  /** That was the rung's fault, then: it has been left already. */
  there() {}

  /** No rung's fault. */
  away() {
    this.#rung = 0;
    this.#tell();
  }

  left() {
    clearTimeout(this.#climbTimer);
    this.#nextAt = null;
    this.#isClimbing = false;
    this.#wasProven = this.#isProven;
    this.#isProven = false;
    this.#watch.stop();
  }

  hurry() {
    if (this.#nextAt === null) return;
    this.#climbAfter = CLIMB_AFTER_MS;
    this.#climb();
  }

  /** Polls have an end, and then are proved. A push that is asked for presence has that to bring. */
  get #mustBring() { return !transportOf(this.slug).isPoll && this.#connection.reader.presence; }

  #prove() {
    this.#isProven = true;
    this.#note(this.slug, 'works');
    this.#watch.again(this.slug);
    this.#climbLater();
  }

  /**
   * The rung is open and does not deliver: go to the next one at once.
   * @param {number} after
   * @param {string} reason
   */
  #condemn(after, reason) {
    this.#isProven = false;
    this.#connection.giveUp(after, reason);
  }

  #climbLater() {
    clearTimeout(this.#climbTimer);
    this.#isClimbing = false;
    this.#nextAt = this.#rung > 0 ? Date.now() + this.#climbAfter : null;
    if (this.#rung > 0) this.#climbTimer = setTimeout(() => this.#climb(), this.#climbAfter);
    this.#tell();
  }

  /** Tries the rungs above the present one, from the top, each beside what works. */
  async #climb() {
    clearTimeout(this.#climbTimer);
    this.#nextAt = null;
    this.#isClimbing = true;
    this.#tell();
    for (let rung = 0; rung < this.#rung; rung += 1) {
      this.#begun = performance.now();
      const { isClosed, worked, reason } = await this.#connection.tryBeside(ladder[rung]);
      if (isClosed) return; // what follows has begun elsewhere
      if (worked) return this.#climbed(rung);
      this.#note(ladder[rung], 'failed', reason);
    }
    this.#climbAfter = Math.min(this.#climbAfter * 2, CLIMB_AT_MOST_MS);
    this.#climbLater();
  }

  /** @param {number} rung */
  #climbed(rung) {
    this.#rung = rung;
    this.#climbAfter = CLIMB_AFTER_MS;
    this.#prove();
  }

  /**
   * @param {string} slug
   * @param {Attempt['outcome']} outcome
   * @param {string} [reason]
   */
  #note(slug, outcome, reason = '') {
    const seconds = (performance.now() - this.#begun) / 1000;
    this.#attempts = [...this.#attempts, { slug, outcome, reason, seconds, at: new Date() }].slice(-REMEMBERED);
    this.#tell();
  }

  #tell() {
    const now = {
      slug: this.slug, isProven: this.#isProven, isBest: this.#rung === 0, nextAt: this.#nextAt, isClimbing: this.#isClimbing,
    };
    this.#changed(this.#attempts, now);
  }
}
