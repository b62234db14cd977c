// The three figures of a transport that the stage shows: large, and per message.

/** @import { Measured } from './costs/measured.js' */

import { element, say } from '../shared/dom.js';
import { bytes, count, duration } from '../shared/units.js';

export class StageFigures {
  root = element('dl', { className: 'stage-figures' });
  #delay = this.#place('mean delay');
  #bytes = this.#place('a message');
  #requests = this.#place('requests');

  /** @param {Measured} measured */
  show({ delay, bytes: each, requests }) {
    say(this.#delay, duration(delay));
    say(this.#bytes, bytes(each));
    say(this.#requests, count(requests));
  }

  /** @param {string} name */
  #place(name) {
    const value = element('dd');
    this.root.append(element('div', {}, element('dt', {}, name), value));
    return value;
  }
}
