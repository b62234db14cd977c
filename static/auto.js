// Chooses the transport by trying: WebSocket first, then down the ladder until one works. While a
// lower one is in use, the higher ones are tried beside it from time to time, so that nobody waits
// and nothing is lost. A feed that is silent is asked behind its back whether it hides something:
// a line can die without a word.

import { getJson } from './api.js';

/** From the best to the one that works nearly everywhere. */
export const LADDER = ['websocket', 'sse', 'long_poll', 'short_poll'];
/** How long until higher rungs are tried again; twice as long after each time in vain. */
const CLIMB_AFTER_MS = 20_000;
const CLIMB_AT_MOST_MS = 300_000;
/** A push that has been silent for so long is checked. */
const CHECK_AFTER_MS = 15_000;
/** So long may what a check has found take to come by itself. */
const CHECK_GRACE_MS = 3000;
const CHECK_TIMEOUT_MS = 8000;
const REMEMBERED = 12;

export class AutoChoice {
  #rung = 0;
  #begun = performance.now();
  #attempts = [];
  #climbAfter = CLIMB_AFTER_MS;
  #timers = { climb: null, check: null };
  #connection;
  #changed;

  /** `connection` is one of connection.js; `changed(attempts)` is told of each attempt. */
  constructor(connection, changed) {
    this.#connection = connection;
    this.#changed = changed;
  }

  get slug() { return LADDER[this.#rung]; }

  /**
   * The present rung has failed. One that had worked is tried once more before it is given up; below
   * the lowest the server itself is away: wait, and begin at the top.
   */
  failed(reason, { hadWorked }) {
    this.left();
    this.#note(this.slug, 'failed', reason);
    if (hadWorked) return 'now';
    this.#rung = (this.#rung + 1) % LADDER.length;
    return this.#rung === 0 ? 'later' : 'now';
  }

  worked() {
    this.#note(this.slug, 'works');
    this.#watch();
    this.#climbLater();
  }

  /** This choice is not in charge (for now). */
  left() {
    clearTimeout(this.#timers.climb);
    clearTimeout(this.#timers.check);
    this.#begun = performance.now();
  }

  /** Something has come over the open feed: it is alive. */
  heard() { this.#watch(); }

  #note(slug, outcome, reason = '') {
    const seconds = (performance.now() - this.#begun) / 1000;
    this.#begun = performance.now();
    this.#attempts = [...this.#attempts, { slug, outcome, reason, seconds, at: new Date() }].slice(-REMEMBERED);
    this.#changed(this.#attempts);
  }

  #climbLater() {
    clearTimeout(this.#timers.climb);
    if (this.#rung > 0) this.#timers.climb = setTimeout(() => this.#climb(0), this.#climbAfter);
  }

  /** Tries the rungs from `rung` up to the present one, each beside what works. */
  async #climb(rung) {
    if (rung >= this.#rung) {
      this.#climbAfter = Math.min(this.#climbAfter * 2, CLIMB_AT_MOST_MS);
      return this.#climbLater();
    }
    this.#begun = performance.now();
    const outcome = await this.#connection.tryBeside(LADDER[rung]);
    if (outcome.isVoid) return undefined;
    if (!outcome.worked) {
      this.#note(LADDER[rung], 'failed', outcome.reason);
      return this.#climb(rung + 1);
    }
    this.#rung = rung;
    this.#climbAfter = CLIMB_AFTER_MS;
    return this.worked();
  }

  #watch() {
    clearTimeout(this.#timers.check);
    this.#timers.check = setTimeout(() => this.#check(), CHECK_AFTER_MS);
  }

  /** Polls do this by themselves. */
  async #check() {
    if (this.slug.endsWith('_poll')) return;
    const { room, query } = this.#connection.reader;
    const { after } = this.#connection;
    const asked = { ...query, after, limit: 1 };
    try {
      const missed = await getJson(`/api/rooms/${room}/messages`, { query: asked, timeoutMs: CHECK_TIMEOUT_MS });
      if (!missed) return this.#watch();
    } catch {
      return this.#connection.giveUp(after, 'silent, and so is the server');
    }
    this.#timers.check = setTimeout(() => {
      this.#connection.giveUp(after, 'open, but what was due did not come');
      this.#watch();
    }, CHECK_GRACE_MS);
  }
}
