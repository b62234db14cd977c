// Asks the server for the class while the panel is open: a few times a second, and what is not new costs 204.

/** @import { ApiError } from '../../shared/api.js' */

import { getJson } from '../../shared/api.js';
import { backoff } from '../../shared/backoff.js';
import { sleep } from '../../shared/time.js';

const PAUSE_MS = 350;

/** @typedef {{ transport: string, delay_ms: number, bytes: number }} Guess */
/** @typedef {{ id: number, transport: string, seq: number | null, guesses: Guess[] }} Phone */
/** @typedef {{ transport: string, phones: number, reached: number, deliveries: number, p50_ms: number | null, p95_ms: number | null }} Figures */
/** @typedef {{ version: string, head: number, phones: Phone[], transports: Figures[] }} ClassView */
/** A guess as the cost plane takes it. @typedef {{ transport: string, delayMs: number, bytes: number }} Guessed */

/**
 * @typedef {object} Listeners
 * @property {(view: ClassView) => void} view
 * @property {(all: Guessed[]) => void} guesses called when one has changed
 * @property {(error: ApiError | null) => void} trouble null when it is over
 */

export class Watch {
  #path;
  #on;
  /** @type {AbortController | null} */
  #running = null;
  /** @type {string | undefined} */
  #version;
  /** @type {number | undefined} */
  #from; // the head when it was counted anew
  #head = 0;
  #guesses = '[]';

  /**
   * @param {string} room
   * @param {Listeners} on
   */
  constructor(room, on) {
    this.#path = `/api/rooms/${room}/class`;
    this.#on = on;
  }

  start() {
    this.stop();
    this.#running = new AbortController();
    this.#watch(this.#running.signal);
  }

  stop() {
    this.#running?.abort();
    this.#running = null;
  }

  /** Counts from the next message on. */
  anew() {
    this.#from = this.#head;
    this.#version = undefined;
    if (this.#running) this.start();
  }

  /** @param {AbortSignal} signal */
  async #watch(signal) {
    let failures = 0;
    while (!signal.aborted) {
      try {
        if (!document.hidden) await this.#ask(signal);
        failures = 0;
        await sleep(PAUSE_MS, signal);
      } catch (caught) {
        if (signal.aborted) return;
        const error = /** @type {ApiError} */ (caught);
        this.#on.trouble(error);
        await sleep(backoff(failures++, error.retryAfter), signal);
      }
    }
  }

  /** @param {AbortSignal} signal */
  async #ask(signal) {
    const query = { version: this.#version, from: this.#from };
    /** @type {ClassView | null} */
    const view = await getJson(this.#path, { query, signal });
    if (signal.aborted) return;
    this.#on.trouble(null);
    if (!view) return;
    if (this.#from === undefined) return this.#begin(view);
    this.#version = view.version;
    this.#head = view.head;
    this.#on.view(view);
    this.#tellGuesses(view.phones);
  }

  /**
   * Opened: what came before is not counted.
   * @param {ClassView} view
   */
  #begin({ head }) {
    this.#head = head;
    this.anew();
  }

  /** @param {Phone[]} phones */
  #tellGuesses(phones) {
    const all = phones.flatMap(({ guesses }) => guesses)
      .map(({ transport, delay_ms: delayMs, bytes }) => ({ transport, delayMs, bytes }));
    const text = JSON.stringify(all);
    if (text === this.#guesses) return;
    this.#guesses = text;
    this.#on.guesses(all);
  }
}
