// The phones by transport: how many the newest message has reached, quantiles of their delays, and a dot for each. A dot
// is an element, of which only those are touched that have changed: two hundred cost little.

/** @import { ClassView, Figures, Phone } from './watch.js' */

import { element } from '../../shared/dom.js';
import { colourWith, identity } from '../../shared/identities.js';
import { marker } from '../../shared/markers.js';
import { milliseconds } from '../../shared/units.js';

/** Up to so many phones have larger dots: more would not fit beside the race. */
const FEW = 80;

const COLUMNS = ['Transport', 'Reached', 'p50', 'p95'];

/** @typedef {{ root: HTMLElement, cells: HTMLElement[], field: HTMLElement }} Group */

export class PhonesTable {
  root = element('table', { className: 'class-phones' },
    element('caption', { className: 'visually-hidden' }, 'Phones by transport, and the delay of messages on them'),
    element('thead', {}, element('tr', {}, ...COLUMNS.map((name) => element('th', { scope: 'col' }, name)))));
  /** @type {Map<string, Group>} */
  #groups = new Map(); // by transport
  /** @type {Map<number, HTMLElement>} */
  #dots = new Map(); // by the phone's number

  /** @param {ClassView} view */
  show({ phones, transports, head }) {
    for (const figures of transports) this.#showFigures(figures);
    this.root.toggleAttribute('data-few', phones.length <= FEW);
    const left = new Set(this.#dots.keys());
    for (const phone of phones) {
      left.delete(phone.id);
      this.#showPhone(phone, head);
    }
    for (const id of left) this.#remove(id);
  }

  /** @param {Figures} figures */
  #showFigures({ transport, reached, phones, p50_ms: p50, p95_ms: p95 }) {
    const { cells } = this.#group(transport);
    const texts = [`${reached} of ${phones}`, milliseconds(p50 ?? undefined), milliseconds(p95 ?? undefined)];
    for (const [index, text] of texts.entries()) {
      if (cells[index].textContent !== text) cells[index].textContent = text;
    }
  }

  /**
   * @param {Phone} phone
   * @param {number} head
   */
  #showPhone({ id, transport, seq }, head) {
    const dot = this.#dots.get(id) ?? element('i', {});
    this.#dots.set(id, dot);
    const { field } = this.#group(transport);
    if (dot.parentElement !== field) field.append(dot);
    dot.toggleAttribute('data-lit', seq !== null && seq === head);
  }

  /** @param {number} id */
  #remove(id) {
    this.#dots.get(id)?.remove();
    this.#dots.delete(id);
  }

  /** @param {string} transport */
  #group(transport) {
    const group = this.#groups.get(transport) ?? makeGroup(transport);
    if (!this.#groups.has(transport)) this.root.append(group.root);
    this.#groups.set(transport, group);
    return group;
  }
}

/**
 * A row of figures, and under it the dots, which say no more than the first of them.
 * @param {string} transport
 * @returns {Group}
 */
function makeGroup(transport) {
  const name = element('span', { className: 'name' }, identity(transport).name);
  const cells = COLUMNS.slice(1).map(() => element('td'));
  const field = element('div', { className: 'class-field' });
  const root = element('tbody', {},
    element('tr', {}, element('th', { scope: 'row' }, marker(transport), ' ', name), ...cells),
    element('tr', { ariaHidden: 'true' }, element('td', { colSpan: COLUMNS.length }, field)));
  colourWith(root, transport).dataset.transport = transport;
  return { root, cells, field };
}
