// The table beside the cost plane: guess, theory and measurement of each transport, and the formulas.

/** @import { Guesses } from './guesses.js' */
/** @import { Measured } from './measured.js' */
/** @import { Prediction } from './theory.js' */

import { element, say } from '../../shared/dom.js';
import { colourWith, identity } from '../../shared/identities.js';
import { marker } from '../../shared/markers.js';
import { bytes, duration, UNKNOWN } from '../../shared/units.js';

const LATER = 'after the stream starts';

/** @typedef {{ slug: string, theory: HTMLElement, measured: HTMLElement, formula: HTMLElement, fields: HTMLInputElement[], open: HTMLElement, closed: HTMLElement }} Row */

export class CostTable {
  root = element('table', { className: 'cost-table' });
  #guesses;
  #rows;

  /**
   * @param {string[]} slugs
   * @param {Guesses} guesses
   */
  constructor(slugs, guesses) {
    this.#guesses = guesses;
    const heads = ['Transport', 'Your guess', 'Theory', 'Measured'].map((text) => {
      const head = element('th', {}, text);
      head.scope = 'col';
      return head;
    });
    const body = element('tbody');
    this.root.append(element('thead', {}, element('tr', {}, ...heads)), body);
    this.#rows = slugs.map((slug) => this.#row(slug, body));
    guesses.addEventListener('change', () => this.#showGuesses());
    this.#showGuesses();
  }

  /**
   * @param {Map<string, Prediction | undefined>} predictions by slug
   * @param {Map<string, Measured>} all by slug
   * @param {boolean} isRevealed
   */
  show(predictions, all, isRevealed) {
    for (const { slug, theory, measured, formula } of this.#rows) {
      const prediction = predictions.get(slug);
      say(theory, isRevealed ? both(prediction) : LATER);
      say(measured, isRevealed ? both(all.get(slug)) : LATER);
      say(formula, isRevealed && prediction ? `Delay: ${prediction.delayFormula}. ${prediction.bytesFormula && `Bytes: ${prediction.bytesFormula}.`}` : '');
    }
  }

  /**
   * @param {string} slug
   * @param {HTMLElement} body
   * @returns {Row}
   */
  #row(slug, body) {
    const { name } = identity(slug);
    const fields = [this.#field(slug, 'delay', `Delay of ${name}, in ms`), this.#field(slug, 'bytes', `Bytes a message of ${name}`)];
    const open = element('span', {}, fields[0], ' ms ', fields[1], ' B');
    const closed = element('span');
    const guess = element('td', { className: 'guess' }, open, closed);
    const [theory, measured] = [element('td'), element('td')];
    theory.dataset.cost = 'theory';
    measured.dataset.cost = 'measured';
    // On a narrow screen the columns have no heads.
    [guess.dataset.label, theory.dataset.label, measured.dataset.label] = ['Guess', 'Theory', 'Measured'];
    const head = element('th', {}, marker(slug), ' ', name);
    head.scope = 'row';
    const formula = element('td', { colSpan: 4, className: 'formula' });
    const row = element('tr', {}, head, guess, theory, measured);
    row.dataset.transport = slug;
    body.append(colourWith(row, slug), element('tr', {}, formula));
    return { slug, theory, measured, formula, fields, open, closed };
  }

  /**
   * @param {string} slug
   * @param {'delay' | 'bytes'} figure
   * @param {string} label
   */
  #field(slug, figure, label) {
    const field = element('input', { type: 'number', min: '1', step: 'any', inputMode: 'numeric' });
    field.setAttribute('aria-label', label);
    field.dataset.guess = figure;
    field.addEventListener('change', () => {
      const value = Number(field.value);
      this.#guesses.set(slug, { [figure]: value > 0 ? value : undefined });
    });
    return field;
  }

  #showGuesses() {
    for (const { slug, fields, open, closed } of this.#rows) {
      const guess = this.#guesses.of(slug);
      [open.hidden, closed.hidden] = [!this.#guesses.isOpen, this.#guesses.isOpen];
      closed.textContent = both(guess);
      for (const field of fields) {
        if (field !== document.activeElement) field.value = String(guess[/** @type {'delay' | 'bytes'} */ (field.dataset.guess)] ?? '');
      }
    }
  }
}

/** @param {{ delay?: number, bytes?: number } | undefined} figures */
const both = (figures) => (figures?.delay === undefined && figures?.bytes === undefined ? UNKNOWN : `${duration(figures.delay)} · ${bytes(figures.bytes)}`);
