// What somebody expects of a transport: two sliders, each over several powers of ten.

/** @import { Guess } from './reporter.js' */

import { $, element } from '../shared/dom.js';
import { onSubmit } from '../shared/forms.js';
import { identities, identity } from '../shared/identities.js';
import { logarithmic } from '../shared/logarithmic.js';
import { saySetting, settingSlider } from '../shared/setting-slider.js';
import { transports } from '../transports/index.js';

/** @typedef {{ name: string, label: string, lowest: number, highest: number, usual: number, read: (value: number) => string }} Slider */

const STEPS = 120;

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
function field({ name, label, lowest, highest, usual, read }) {
  const scale = logarithmic([lowest, highest], [0, STEPS]);
  const root = settingSlider({ name, lowest: 0, highest: STEPS, step: 1, usual: 0, label, labelAmongAll: label, read }, label);
  const input = /** @type {HTMLInputElement} */ ($('input', root));
  const value = () => Number(scale.from(Number(input.value)).toPrecision(2));
  const show = () => saySetting(root, read(value()));
  input.value = String(Math.round(scale.to(usual)));
  input.addEventListener('input', show);
  show();
  return { root, value };
}
