// Plays the guided opening in the lanes: next, back, again, skip; the step stands in the address (`#step=3`).

/** @import { Lanes } from '../lanes/lanes.js' */
/** @import { Lens } from '../lens/lens.js' */
/** @import { Step } from './steps.js' */

import { $ } from '../../shared/dom.js';
import { fragmentWith, sayInAddress } from '../address.js';

/** A step plays for so long, however short what it shows was. */
const PLAYED_MS = 6000;

export class Guide {
  #root = $('#guide');
  #steps;
  #lens;
  #lanes;
  #ended;
  #at = 0;
  #stop = new AbortController();
  #isCalm = matchMedia('(prefers-reduced-motion: reduce)');

  /**
   * `ended` is called when the reader has read or skipped it.
   * @param {Step[]} steps
   * @param {{ lens: Lens, lanes: Lanes, ended: () => void }} stage
   */
  constructor(steps, { lens, lanes, ended }) {
    this.#steps = steps;
    this.#lens = lens;
    this.#lanes = lanes;
    this.#ended = ended;
    const { signal } = this.#stop;
    const on = (/** @type {string} */ css, /** @type {() => void} */ act) => $(css, this.#root).addEventListener('click', act, { signal });
    on('#guide-next', () => this.next());
    on('#guide-back', () => this.show(this.#at - 1));
    on('#guide-again', () => this.show(this.#at));
    on('#guide-skip', () => this.end());
  }

  next() {
    if (this.#at + 1 < this.#steps.length) this.show(this.#at + 1);
    else this.end();
  }

  /** @param {number} index */
  show(index) {
    this.#at = Math.min(this.#steps.length - 1, Math.max(0, index));
    const { text, about, from, until, span } = this.#steps[this.#at];
    this.#root.hidden = false;
    $('#guide-text').textContent = text;
    $('#guide-place').textContent = `${this.#at + 1} of ${this.#steps.length}`;
    /** @type {HTMLButtonElement} */ ($('#guide-back')).disabled = this.#at === 0;
    $('#guide-next').textContent = this.#at + 1 < this.#steps.length ? 'Next' : 'Start';
    sayInAddress(fragmentWith('step', `step=${this.#at + 1}`));
    this.#lanes.speakOf(about);
    this.#lens.zoom(span);
    if (this.#isCalm.matches || until <= from) this.#lens.scrub(until);
    else this.#lens.play({ from, until, factor: PLAYED_MS / (until - from) });
  }

  end() {
    this.#stop.abort();
    this.#root.hidden = true;
    this.#lanes.speakOf([]);
    sayInAddress(fragmentWith('step', null));
    this.#ended();
  }
}
