// The chip that shows which transport is in use and whether it works.

/** @import { ConnectionNow } from '../shared/types.js' */
/** @import { Settings } from './settings.js' */

import { AUTO } from '../connection/choice.js';
import { $ } from '../shared/dom.js';
import { colourWith, identity } from '../shared/identities.js';
import { marker } from '../shared/markers.js';

export class Status {
  #chip = $('#status');
  /** @type {number | undefined} */
  #countdown;
  #settings;

  /** @param {Settings} settings */
  constructor(settings) { this.#settings = settings; }

  /**
   * As connection.js reports it.
   * @param {string} slug
   * @param {Omit<ConnectionNow, 'transport'>} now
   */
  show(slug, { state, retryAt, waiting, reason = '' }) {
    clearInterval(this.#countdown);
    this.#chip.dataset.state = state;
    this.#chip.title = reason;
    this.#say('.auto', this.#settings.transport === AUTO ? 'Auto' : '');
    this.#say('.reason', reason);
    if (this.#chip.dataset.transport !== slug) this.#showTransport(slug);
    // Screen readers read the state; a countdown would interrupt them every second.
    this.#say('.state', waiting ? 'waiting for a connection' : state);
    for (const part of ['.what', '.when']) this.#say(part, '');
    if (retryAt) this.#count(retryAt);
  }

  /** @param {string} slug */
  #showTransport(slug) {
    this.#chip.dataset.transport = slug;
    colourWith(this.#chip, slug);
    $('.symbol', this.#chip).replaceChildren(marker(slug));
    this.#say('.name', identity(slug).name);
  }

  /** @param {number} retryAt */
  #count(retryAt) {
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
      this.#say('.what', seconds ? 'reconnecting' : 'reconnecting…');
      this.#say('.when', seconds ? `in ${seconds} s` : '');
    };
    tick();
    this.#countdown = setInterval(tick, 250);
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #say(selector, text) {
    const place = $(selector, this.#chip);
    if (place.textContent !== text) place.textContent = text;
  }
}
