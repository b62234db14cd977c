// Chooses the transport by trying: WebSocket first, then down the ladder until one works. While a
// lower one is in use, the higher ones are tried beside it from time to time, so that nobody waits
// and nothing is lost. auto-watch.js looks after a feed that is open and says nothing.

import { Watch } from './auto-watch.js';

/** From the best to the one that works nearly everywhere. */
export const LADDER = ['websocket', 'sse', 'long_poll', 'short_poll'];
/** How long until higher rungs are tried again; twice as long after each time in vain. */
const CLIMB_AFTER_MS = 20_000;
const CLIMB_AT_MOST_MS = 300_000;
const REMEMBERED = 12;

export class AutoChoice {
  #rung = 0;
  #begun = performance.now();
  #attempts = [];
  #climbAfter = CLIMB_AFTER_MS;
  #climbTimer;
  #nextAt = null;
  #isClimbing = false;
  #isProven = false; // the present rung has brought something
  #wasProven = false; // until it was left
  #connection;
  #watch;
  #changed;

  /**
   * `connection` is one of connection.js. `changed(attempts, now)` is told whenever something is
   * new: attempts are { slug, outcome: 'works' | 'failed', reason, seconds, at }, newest last; now is
   * { slug, isProven, isBest, nextAt, isClimbing }, where nextAt says when a better one is tried
   * (Date.now(), or null).
   */
  constructor(connection, changed) {
    this.#connection = connection;
    this.#changed = changed;
    this.#watch = new Watch(connection, (after, reason) => this.#condemn(after, reason));
  }

  get slug() { return LADDER[this.#rung]; }

  opening() {
    this.#begun = performance.now();
    this.#isProven = false;
    if (this.#mustBring) this.#watch.proof();
    this.#tell();
  }

  /** A poll's answer has come through. A push is open; whether it brings anything is to be seen. */
  up() { if (!this.#mustBring) this.#prove(); }

  heard() {
    if (this.#isProven) this.#watch.again(this.slug);
    else this.#prove();
  }

  /**
   * The present rung has failed. One that had worked is tried once more before it is given up; below
   * the lowest the server itself is away: wait, and begin at the top.
   */
  failed(reason, { hadWorked }) {
    const deservesAnother = hadWorked && this.#wasProven;
    this.#note(this.slug, 'failed', reason);
    if (!deservesAnother) this.#rung = (this.#rung + 1) % LADDER.length;
    this.#tell();
    return deservesAnother || this.#rung > 0 ? 'now' : 'later';
  }

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
  get #mustBring() { return !this.slug.endsWith('_poll') && this.#connection.reader.presence; }

  #prove() {
    this.#isProven = true;
    this.#note(this.slug, 'works');
    this.#watch.again(this.slug);
    this.#climbLater();
  }

  /** The rung is open and does not deliver: the next one, without another chance. */
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
      const { isVoid, worked, reason } = await this.#connection.tryBeside(LADDER[rung]);
      if (isVoid) return; // what follows has begun elsewhere
      if (worked) return this.#climbed(rung);
      this.#note(LADDER[rung], 'failed', reason);
    }
    this.#climbAfter = Math.min(this.#climbAfter * 2, CLIMB_AT_MOST_MS);
    this.#climbLater();
  }

  #climbed(rung) {
    this.#rung = rung;
    this.#climbAfter = CLIMB_AFTER_MS;
    this.#prove();
  }

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
