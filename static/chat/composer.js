// The message box: Enter sends, Shift-Enter breaks the line.

import { $ } from '../shared/dom.js';
import { plural, whole } from '../shared/units.js';

/** @typedef {{ storedAs: string, send: (body: string) => void, typing: () => void }} Options */

/** Unicode scalar values, as the server counts. */
const LONGEST = 4000;
const TELL_FROM = 3500;
const TELL_TYPING_EVERY_MS = 3000;

export class Composer {
  #form = /** @type {HTMLFormElement} */ ($('#composer'));
  #box = /** @type {HTMLTextAreaElement} */ ($('#composer textarea'));
  #button = /** @type {HTMLButtonElement} */ ($('#composer [type=submit]'));
  #count = $('#composer-count');
  #options;
  #toldTyping = -Infinity;

  /**
   * `storedAs` keeps an unfinished text over a reload; `typing()` at most every 3 s.
   * @param {Options} options
   */
  constructor(options) {
    this.#options = options;
    this.#form.addEventListener('submit', (event) => this.#submit(event));
    this.#box.addEventListener('keydown', (event) => this.#key(event));
    this.#box.addEventListener('input', () => this.#input());
    this.#set(sessionStorage.getItem(options.storedAs) ?? '');
  }

  focus() { this.#box.focus(); }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // Enter may also choose a word in an input method.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const body = wellFormed(this.#box.value);
    this.#box.focus();
    if (!body.trim() || length(body) > LONGEST) return;
    this.#set('');
    this.#toldTyping = -Infinity;
    this.#options.send(body);
  }

  #input() {
    sessionStorage.setItem(this.#options.storedAs, this.#box.value);
    this.#fit();
    const now = performance.now();
    if (!this.#box.value || now - this.#toldTyping < TELL_TYPING_EVERY_MS) return;
    this.#toldTyping = now;
    this.#options.typing();
  }

  /** @param {string} text */
  #set(text) {
    this.#box.value = text;
    sessionStorage.setItem(this.#options.storedAs, text);
    this.#fit();
  }

  #fit() {
    this.#box.style.height = 'auto';
    this.#box.style.height = `${this.#box.scrollHeight + 2}px`; // CSS sets the most
    const used = length(this.#box.value);
    const isTooLong = used > LONGEST;
    this.#count.textContent = `${whole(used)} of ${plural(LONGEST, 'character')}`;
    this.#count.hidden = used < TELL_FROM;
    this.#count.toggleAttribute('data-over', isTooLong);
    this.#box.toggleAttribute('aria-invalid', isTooLong);
    this.#button.disabled = isTooLong;
  }
}

const length = (/** @type {string} */ text) => (text.length < TELL_FROM ? text.length : Array.from(text).length);

/** Half a surrogate pair is no character and no UTF-8; the server could not read it. */
const wellFormed = (/** @type {string} */ text) => text.toWellFormed?.() ?? text;
