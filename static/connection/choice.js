// Which transport a connection opens, and what follows from a failure. auto.js is the one that chooses.
//
//   slug                          the transport to open now
//   opening()                     it is being opened
//   up()                          the server has answered over it
//   heard()                       something has come through it
//   failed(reason, { hadWorked, status }) -> `later` (wait and try what `slug` says then) or `now`
//   there()                       after a failure: the server responds to other requests
//   away()                        the server can't be reached over any transport
//   left()                        nothing is open any more
//   hurry()                       try a better one at once

/** @import { AutoChoice } from './auto.js' */

/** Instead of a transport: whichever works best (auto.js). */
export const AUTO = 'auto';

/** @typedef {FixedChoice | AutoChoice} Choice */

/** What a push has to bring at first must be here by then, else somebody on the way keeps it. */
const PROOF_MS = 5000;
/** One failure in a row may be an accident. */
const TOLD_FROM = 2;

/**
 * The one transport that somebody chose. It is used whatever becomes of it; where it does not get through, though
 * the server responds, that is told: another one may.
 */
export class FixedChoice {
  #mustBring;
  #tell;
  /** @type {number | undefined} */
  #proof;
  #failures = 0;
  #reason = '';

  /**
   * `mustBring` is whether the server has something for it to bring when it opens; `fault(reason)` is called with a
   * clause, and with null once it works.
   * @param {string} slug
   * @param {{ mustBring: boolean, fault: (reason: string | null) => void }} options
   */
  constructor(slug, { mustBring, fault }) {
    this.slug = slug;
    this.#mustBring = mustBring;
    this.#tell = fault;
    fault(null);
  }

  opening() {
    if (this.#mustBring) this.#proof = setTimeout(() => this.#tell('it is open, but nothing comes'), PROOF_MS);
  }

  up() { if (!this.#mustBring) this.heard(); }

  /** What has come late is not taken back: whatever keeps it will keep the next one too. */
  heard() {
    clearTimeout(this.#proof);
    if (this.#failures >= TOLD_FROM) this.#tell(null);
    this.#failures = 0;
  }

  /**
   * @param {string} reason
   * @param {{ hadWorked: boolean, status?: number }} details
   * @returns {'now' | 'later'}
   */
  failed(reason, { status }) {
    this.#reason = reason;
    if (status && isRefusal(status)) this.there();
    return 'later';
  }

  there() {
    this.#failures += 1;
    if (this.#failures >= TOLD_FROM) this.#tell(this.#reason);
  }

  away() { this.#failures = 0; }

  left() { clearTimeout(this.#proof); }

  hurry() {}
}

/**
 * A server that is busy or stops would be so for another transport too.
 * @param {number} status
 */
const isRefusal = (status) => status < 500 && status !== 429;
