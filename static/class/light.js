// What a phone shows: the dot, which lights when a message comes, and in words what came and how long it took.

/** @import { ConnectionNow, Message } from '../shared/types.js' */
/** @import { ApiError } from '../shared/api.js' */
/** @import { ServerClock } from './server-clock.js' */

import { $, element } from '../shared/dom.js';
import { colourWith, identity } from '../shared/identities.js';
import { marker } from '../shared/markers.js';
import { asSentence, milliseconds, plural } from '../shared/units.js';

/** How long the dot is lit, and its ring fades. */
const LIT_MS = 1500;
/** Whoever listens is told of one message in so long, and of the rest in a number. */
const TELL_MS = 3000;

export class Light {
  #messages = 0;
  #told = 0; // of them, what was said
  /** @type {number | undefined} */
  #fading;
  /** @type {number | undefined} */
  #telling;
  #last = '';
  /** @type {number | undefined} */
  #errorMs;
  #ring = element('span', { className: 'ring' });

  /**
   * The transport is known.
   * @param {string} slug
   */
  is(slug) {
    const { name } = identity(slug);
    colourWith($('#light'), slug).dataset.transport = slug;
    $('#dot').replaceChildren(marker(slug), this.#ring);
    $('#transport').textContent = name;
  }

  /** @param {ConnectionNow} now */
  state({ state, reason, waiting, retryAt }) {
    $('#state').dataset.state = state;
    const again = retryAt ? 'Trying again.' : '';
    const words = { connecting: waiting ? 'Waiting for a free connection of this browser.' : 'Connecting…', live: 'Live: waiting for messages.', offline: `Offline${reason ? `: ${reason}` : ''}. ${again}` };
    $('#state').textContent = words[state];
  }

  /** @param {ServerClock} clock */
  knows({ errorMs }) {
    this.#errorMs = errorMs;
    $('#error').textContent = `${milliseconds(errorMs)}, half of a round trip`;
  }

  /**
   * What keeps the server from hearing this phone, or null.
   * @param {ApiError | null} error
   */
  trouble(error) {
    const text = error ? asSentence(error.message) : '';
    if ($('#problem').textContent !== text) $('#problem').textContent = text;
  }

  /**
   * A message has come, so many ms after the server stamped it.
   * @param {Message} message
   * @param {number} delay
   */
  arrived({ seq, body }, delay) {
    this.#messages += 1;
    $('#took').replaceChildren(milliseconds(delay), ' ', element('small', {}, `± ${milliseconds(this.#errorMs)}`));
    $('#which').textContent = `Message ${seq}: ${body}`;
    $('#count').textContent = `${plural(this.#messages, 'message')} since this page was opened`;
    this.#last = `Message ${seq} came after ${milliseconds(delay)}.`;
    this.#shine();
    this.#telling ??= setTimeout(() => this.#tell(), this.#told ? TELL_MS : 0);
  }

  #shine() {
    $('#dot').dataset.lit = '';
    clearTimeout(this.#fading);
    this.#fading = setTimeout(() => { delete $('#dot').dataset.lit; }, LIT_MS);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    for (const running of this.#ring.getAnimations()) running.cancel();
    this.#ring.animate([{ opacity: 0.9, scale: 1 }, { opacity: 0, scale: 1.35 }], { duration: LIT_MS, easing: 'ease-out' });
  }

  #tell() {
    const more = this.#messages - this.#told - 1;
    this.#told = this.#messages;
    this.#telling = undefined;
    const text = more > 0 ? `${this.#last} ${plural(more, 'message')} before it.` : this.#last;
    $('#told').replaceChildren(element('p', {}, text));
  }
}
