// What somebody expects before the stream starts: a mean delay and bytes a message, for each transport.

/** @typedef {{ delay?: number, bytes?: number }} Guess in ms, and of the application both ways */

/** Dispatches `change`. */
export class Guesses extends EventTarget {
  /** @type {Map<string, Guess>} */
  #guesses = new Map();
  #isOpen = true;

  /** Whether they may still be changed: after the stream has started that would be no guess. */
  get isOpen() { return this.#isOpen; }

  get isEmpty() { return this.#guesses.size === 0; }

  /**
   * @param {string} slug
   * @returns {Guess}
   */
  of(slug) { return this.#guesses.get(slug) ?? {}; }

  /**
   * @param {string} slug
   * @param {Guess} guess
   */
  set(slug, guess) {
    if (!this.#isOpen) return;
    this.#guesses.set(slug, { ...this.of(slug), ...guess });
    this.dispatchEvent(new Event('change'));
  }

  close() {
    this.#isOpen = false;
    this.dispatchEvent(new Event('change'));
  }

  /** All again from nothing. */
  anew() {
    this.#guesses.clear();
    this.#isOpen = true;
    this.dispatchEvent(new Event('change'));
  }
}
