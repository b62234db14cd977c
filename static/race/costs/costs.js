// "Delay and cost": guess first, then see what theory predicts and what was measured.

/** @import { Options } from '../options.js' */
/** @import { Record } from '../record/record.js' */
/** @import { Measured } from './measured.js' */
/** @import { ClassGuess, Kind, Place } from './plane.js' */
/** @import { Inputs, Sizes } from './theory.js' */

import { element } from '../../shared/dom.js';
import { Guesses } from './guesses.js';
import { CURVED, Plane } from './plane.js';
import { CostTable } from './table.js';
import { predict } from './theory.js';

/** Of the curve of short polling: from a poll every 100 ms to one every 30 s. */
const PAUSES = Array.from({ length: 26 }, (_, step) => 0.1 * 300 ** (step / 25));

const HELP = 'Before the stream starts: drag each marker to where you expect its transport, or write it into the table. '
  + 'Then theory and measurement appear beside it.';
const KEY = 'Dashed: your guess. Ring: theory, of a Poisson stream with the settings as they are now. Full: the mean measured since '
  + 'the last reset. The curve: short polling at every pause.';

export class Costs {
  guesses = new Guesses();
  #record;
  #options;
  #slugs;
  #plane;
  #table;
  #root;
  #note = element('p', { className: 'help' }, HELP);
  #isRevealed = false;
  /** @type {Sizes | null} */
  sizes = null;

  /**
   * `anew` is called when somebody wants to guess again.
   * @param {HTMLElement} root
   * @param {{ record: Record, options: Pick<Options, 'values'>, anew: () => void }} race
   */
  constructor(root, { record, options, anew: wantsAnew }) {
    this.#root = root;
    this.#record = record;
    this.#options = options;
    this.#slugs = [...record.lanes.keys()];
    this.#plane = new Plane(this.#slugs, this.guesses);
    this.#table = new CostTable(this.#slugs, this.guesses);
    const anew = element('button', { type: 'button', className: 'quiet', id: 'guess-anew' }, 'Guess anew');
    anew.addEventListener('click', () => {
      wantsAnew();
      this.#guessAnew();
    });
    const words = element('div', { className: 'cost-words' }, this.#note, this.#table.root, anew);
    root.replaceChildren(this.#plane.root, words);
  }

  /** The stream has started: no more guesses. */
  reveal() {
    this.#isRevealed = true;
    this.#note.textContent = KEY;
    this.guesses.close();
  }

  /** @param {ClassGuess[]} guesses */
  showClass(guesses) { this.#plane.showClass(guesses); }

  /** @param {Map<string, Measured>} all by slug */
  show(all) {
    if (this.#root.hidden) return;
    const inputs = this.#inputs;
    const predictions = new Map(this.#slugs.map((slug) => [slug, predict(slug, inputs)]));
    this.#table.show(predictions, all, this.#isRevealed);
    if (!this.#isRevealed) return this.#plane.show(new Map(), []);
    const places = new Map(this.#slugs.map((slug) => [slug, new Map(/** @type {[Kind, Place][]} */ (
      [['theory', predictions.get(slug) ?? {}], ['measured', all.get(slug) ?? {}]]))]));
    return this.#plane.show(places, inputs.sizes ? curve(inputs) : []);
  }

  /** @returns {Inputs} */
  get #inputs() {
    const { rate, interval, wait } = this.#options.values;
    return { rate, interval, wait, oneWay: this.#record.oneWay, sizes: this.sizes };
  }

  #guessAnew() {
    this.#isRevealed = false;
    this.#note.textContent = HELP;
    this.guesses.anew();
    this.show(new Map());
  }
}

/** @param {Inputs} inputs */
function curve(inputs) {
  return PAUSES.map((interval) => predict(CURVED, { ...inputs, interval }) ?? {});
}
