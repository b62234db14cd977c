// The figures under a pane, since the last reset.

/** @import { Tally } from '../shared/types.js' */
/** @import { Meter } from '../meters/meter.js' */

import { element } from '../shared/dom.js';
import { bytes, count, milliseconds, requestRate, share, UNKNOWN } from '../shared/units.js';

const ROWS = [
  [['last', 'Latency'], ['p50', 'p50'], ['p95', 'p95']],
  [['requests', 'Requests'], ['empty', 'Empty']],
  [['up', 'Up/msg'], ['down', 'Down/msg'], ['segments', 'Segments/msg']],
];

export class PaneFigures {
  root = element('div', { className: 'figures' });
  /** @type {Map<string, HTMLElement>} */
  #places = new Map();

  constructor() {
    for (const row of ROWS) {
      this.root.append(element('dl', {}, ...row.map(([name, text]) => this.#place(name, text))));
    }
  }

  /** @param {Meter} meter */
  showMeter({ figures }) {
    const { latency, emptyShare } = figures;
    this.#say('last', milliseconds(latency.last));
    this.#say('p50', milliseconds(latency.p50));
    this.#say('p95', milliseconds(latency.p95));
    this.#say('requests', requestRate(figures));
    this.#say('empty', share(emptyShare));
  }

  /**
   * @param {Tally | null} counted
   * @param {number} messages how many were delivered
   */
  showCounted(counted, messages) {
    const each = (/** @type {keyof Tally} */ name) => (counted && messages ? counted[name] / messages : undefined);
    this.#say('up', bytes(each('bytes_up')));
    this.#say('down', bytes(each('bytes_down')));
    this.#say('segments', `↑${count(each('segments_up'))} ↓${count(each('segments_down'))}`);
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  #place(name, text) {
    const value = element('dd', {}, UNKNOWN);
    value.dataset.figure = name;
    this.#places.set(name, value);
    return element('div', {}, element('dt', {}, text), value);
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  #say(name, text) {
    const place = this.#places.get(name);
    if (place && place.textContent !== text) place.textContent = text;
  }
}
