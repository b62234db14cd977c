// What somebody expects of a transport: two sliders, each over several powers of ten.

/** @import { Guess } from './reporter.js' */

import { $, element } from '../shared/dom.js';
import { onSubmit } from '../shared/forms.js';
import { identities, identity } from '../shared/identities.js';
import { saySetting, settingSlider } from '../shared/setting-slider.js';
import { transports } from '../transports/index.js';
import { fromStep, STEPS, toStep } from './log-scale.js';

/** @typedef {import('./log-scale.js').Scale & { name: string, label: string, read: (value: number) => string }} Slider */

/** A guess has two digits: it is shown as it is. @type {(value: number, unit: string, thousand: string) => string} */
const short = (value, unit, thousand) => (value < 1000 ? `${value} ${unit}` : `${value / 1000} ${thousand}`);
const milliseconds = (/** @type {number} */ ms) => short(ms, 'ms', 's');
const bytes = (/** @type {number} */ count) => short(count, 'B', 'kB');

/** @type {Slider[]} */
const SLIDERS = [
  { name: 'guess-delay', label: 'Mean delay', lowest: 1, highest: 100_000, usual: 100, read: milliseconds },
  { name: 'guess-bytes', label: 'Bytes a message', lowest: 10, highest: 100_000, usual: 500, read: bytes },
];

export class Guessing {
  /** @type {Map<string, Guess>} */
  #guesses = new Map();
  #fields = SLIDERS.map((slider) => field(slider));
  #transport = /** @type {HTMLSelectElement} */ ($('#guess-transport'));

  /**
   * `slug` is the transport to begin with; `send` is called with all guesses.
   * @param {string} slug
   * @param {(guesses: Guess[]) => void} send
   */
  constructor(slug, send) {
    const known = identities().filter((each) => transports.has(each.slug));
    this.#transport.replaceChildren(...known.map((each) => element('option', { value: each.slug }, each.name)));
    this.#transport.value = slug;
    $('#guess-sliders').replaceChildren(...this.#fields.map(({ root }) => root));
    onSubmit($('#guess'), async () => {
      this.#guesses.set(this.#transport.value, this.#guess);
      send([...this.#guesses.values()]);
      this.#say();
    });
  }

  get #guess() {
    const [delay, size] = this.#fields.map((each) => each.value());
    return { transport: this.#transport.value, delay_ms: delay, bytes: size };
  }

  #say() {
    const lines = [...this.#guesses.values()].map(({ transport, delay_ms: delay, bytes: size }) => (
      element('span', {}, `${identity(transport).name}: ${milliseconds(delay)}, ${bytes(size)}. `)));
    $('#guessed').replaceChildren('Your guesses are sent. ', ...lines);
  }
}

/** @param {Slider} slider */
function field({ name, label, read, ...scale }) {
  const root = settingSlider({ name, lowest: 0, highest: STEPS, step: 1, usual: 0, label, labelAmongAll: label, read }, label);
  const input = /** @type {HTMLInputElement} */ ($('input', root));
  const value = () => fromStep(scale, Number(input.value));
  const show = () => saySetting(root, read(value()));
  input.value = String(toStep(scale, scale.usual));
  input.addEventListener('input', show);
  show();
  return { root, value };
}
