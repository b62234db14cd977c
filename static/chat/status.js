// The chip that always says which transport is in use and whether it works.

import { $ } from '../shared/dom.js';
import { colourWith, identity } from '../shared/identities.js';
import { marker } from '../shared/markers.js';
import { AUTO } from './settings.js';

export class Status {
  #chip = $('#status');
  #countdown;
  #settings;

  constructor(settings) { this.#settings = settings; }

  /** As connection.js tells it. */
  show(slug, { state, retryAt, waiting, reason = '' }) {
    clearInterval(this.#countdown);
    this.#chip.dataset.state = state;
    this.#chip.title = reason;
    this.#say('.auto', this.#settings.transport === AUTO ? 'Auto' : '');
    this.#say('.reason', reason);
    if (this.#chip.dataset.transport !== slug) this.#showTransport(slug);
    // Screen readers are told of the state; the seconds ticking away would never let them finish.
    this.#say('.state', waiting ? 'waiting for a connection' : state);
    this.#say('.countdown', '');
    if (retryAt) this.#count(retryAt);
  }

  #showTransport(slug) {
    this.#chip.dataset.transport = slug;
    colourWith(this.#chip, slug);
    $('.symbol', this.#chip).replaceChildren(marker(slug));
    this.#say('.name', identity(slug).name);
  }

  #count(retryAt) {
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
      this.#say('.countdown', seconds ? `reconnecting in ${seconds} s` : 'reconnecting…');
    };
    tick();
    this.#countdown = setInterval(tick, 250);
  }

  #say(selector, text) {
    const place = $(selector, this.#chip);
    if (place.textContent !== text) place.textContent = text;
  }
}
