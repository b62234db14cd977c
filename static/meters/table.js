// The figures of all transports side by side: a row for each, which keeps what it has while another is in use.
// Where there is little room, the sheet turns rows into columns; so all parts say their role.

/** @import { Figures, Tally } from '../shared/types.js' */
/** @import { Column } from './figures.js' */

import { element } from '../shared/dom.js';
import { colourWith, identities } from '../shared/identities.js';
import { marker } from '../shared/markers.js';
import { plural, UNKNOWN } from '../shared/units.js';
import { COLUMNS, figureTexts } from './figures.js';

/** @typedef {{ root: HTMLElement, time: HTMLElement, messages: HTMLElement, cells: Map<Column, HTMLElement> }} Row */

export class FigureTable {
  /** @type {Map<string, Row>} */
  #rows = new Map(); // by transport

  /** @param {HTMLElement} root */
  constructor(root) {
    const head = part('tr', 'row', part('td', 'cell'), ...COLUMNS.map(([, label]) => part('th', 'columnheader', label)));
    const rows = identities().map(({ slug, name }) => this.#row(slug, name));
    root.replaceChildren(part('table', 'table', part('thead', 'rowgroup', head), part('tbody', 'rowgroup', ...rows)));
    root.firstElementChild?.setAttribute('aria-labelledby', 'meters-heading');
  }

  /**
   * @param {string} transport
   * @param {Figures} figures
   * @param {Tally | null} counted
   */
  show(transport, figures, counted) {
    const row = this.#rows.get(transport);
    if (!row) return;
    say(row.time, usedFor(figures.seconds));
    say(row.messages, plural(figures.messages, 'message'));
    const texts = figureTexts(figures, counted);
    for (const [name, cell] of row.cells) say(cell, texts[name]);
  }

  /**
   * Marks the transport in use.
   * @param {string} transport
   */
  mark(transport) {
    for (const [slug, { root, cells }] of this.#rows) {
      const isNow = slug === transport;
      root.toggleAttribute('data-now', isNow);
      for (const [name, cell] of cells) {
        if (isNow) cell.dataset.figure = name;
        else delete cell.dataset.figure;
      }
    }
  }

  /**
   * @param {string} slug
   * @param {string} name
   */
  #row(slug, name) {
    const [time, messages] = [element('span', {}, 'not used'), element('span')];
    const used = element('span', { className: 'used' }, time, ' ', messages);
    /** @type {Map<Column, HTMLElement>} */
    const cells = new Map(COLUMNS.map(([column]) => [column, part('td', 'cell', UNKNOWN)]));
    for (const [column, cell] of cells) cell.dataset.column = column;
    const title = part('th', 'rowheader', marker(slug), nameOf(name), ' ', used);
    const root = colourWith(part('tr', 'row', title, ...cells.values()), slug);
    root.dataset.transport = slug;
    this.#rows.set(slug, { root, time, messages, cells });
    return root;
  }
}

/**
 * An element that keeps its role however it is laid out.
 * @param {keyof HTMLElementTagNameMap} tag
 * @param {string} role
 * @param {...(Node | string)} content
 * @returns {HTMLElement}
 */
function part(tag, role, ...content) {
  const made = element(tag, {}, ...content);
  made.setAttribute('role', role);
  return made;
}

/**
 * @param {HTMLElement} place
 * @param {string} text
 */
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** @param {number} seconds */
function usedFor(seconds) {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
}

/**
 * A name of two words written as one may break between them.
 * @param {string} name
 */
function nameOf(name) {
  const words = name.split(/(?<=[a-z])(?=[A-Z])/);
  return element('span', { className: 'name' }, ...words.flatMap((word, index) => (index ? [element('wbr'), word] : [word])));
}
