// Tells the server what has reached this phone, and what is guessed: a request at most twice a second however many
// messages come, a word now and then when none does, and everything again that was not heard.

/** @import { ApiError } from '../shared/api.js' */

import { putJson } from '../shared/api.js';
import { backoff } from '../shared/backoff.js';

/**
 * A report waits up to so long, so that the phones of a class do not report in the instant in which a message comes:
 * that would delay the message for those who have not got it yet.
 */
const SPREAD_MS = 400;
const PAUSE_MS = 500;
/** The server forgets a phone after 30 s of silence. */
const WORD_MS = 10_000;
/** The most that the server takes at once, and keeps. */
const MOST = 32;

/** @typedef {{ seq: number, delay_ms: number }} Delivery */
/** @typedef {{ transport: string, delay_ms: number, bytes: number }} Guess */
/** @typedef {{ id: number, transport: string, now: string, counts: Record<string, number> }} Answer */

/**
 * @typedef {object} Options
 * @property {string} path
 * @property {string} [as]
 * @property {(answer: Answer, sent: number, came: number) => void} heard
 * @property {(why: ApiError | null) => void} trouble null when it is over
 */

export class Reporter {
  #options;
  /** @type {string | undefined} */
  #transport;
  /** @type {Delivery[]} */
  #deliveries = [];
  /** @type {Guess[] | undefined} */
  #guesses; // those before a reload stay at the server
  #failures = 0;
  /** @type {number | undefined} */
  #timer;
  /** When the next report is due, and before when none is sent (performance.now()). */
  #dueAt = Number.POSITIVE_INFINITY;
  #notBefore = 0;
  #isAsking = false;
  #isStopped = false;

  /** @param {Options} options */
  constructor(options) { this.#options = options; }

  /**
   * Begins to take part, over `transport` or one that the server draws; resolves to it.
   * @param {string} [transport]
   */
  async begin(transport) {
    this.#transport = transport;
    this.#transport = (await this.#ask()).transport;
    this.#rest();
    return this.#transport;
  }

  /** @param {Delivery} delivery */
  delivered(delivery) {
    this.#deliveries = [...this.#deliveries, delivery].slice(-MOST);
    this.#plan(Math.random() * SPREAD_MS);
  }

  /** @param {Guess[]} guesses */
  guess(guesses) {
    this.#guesses = guesses;
    this.#plan(0);
  }

  /** Says a word at once, whatever it was waiting for. */
  now() {
    this.#notBefore = 0;
    this.#plan(0);
  }

  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** @param {number} ms */
  #plan(ms) {
    this.#dueAt = Math.min(this.#dueAt, performance.now() + ms);
    this.#arm();
  }

  #arm() {
    clearTimeout(this.#timer);
    if (this.#isStopped || this.#isAsking || this.#dueAt === Number.POSITIVE_INFINITY) return;
    const wait = Math.max(this.#dueAt, this.#notBefore) - performance.now();
    this.#timer = setTimeout(() => this.#report(), Math.max(0, wait));
  }

  async #report() {
    try {
      await this.#ask();
      this.#options.trouble(null);
      this.#rest();
    } catch (caught) {
      this.#failed(/** @type {ApiError} */ (caught));
    }
  }

  #rest() {
    this.#failures = 0;
    this.#notBefore = performance.now() + PAUSE_MS;
    this.#plan(WORD_MS);
  }

  /** @param {ApiError} error */
  #failed(error) {
    this.#options.trouble(error);
    if (error.status === 422) this.#deliveries = []; // of another history
    this.#notBefore = performance.now() + backoff(this.#failures++, error.retryAfter);
    this.#plan(0);
  }

  async #ask() {
    const { path, as, heard } = this.#options;
    const said = this.#deliveries;
    const body = { transport: this.#transport, deliveries: said, guesses: this.#guesses };
    this.#isAsking = true;
    this.#dueAt = Number.POSITIVE_INFINITY;
    try {
      const sent = performance.now();
      /** @type {Answer} */
      const answer = await putJson(path, body, { query: { as } });
      this.#deliveries = this.#deliveries.filter((each) => !said.includes(each));
      heard(answer, sent, performance.now());
      return answer;
    } finally {
      this.#isAsking = false;
    }
  }
}
