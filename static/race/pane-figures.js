// The figures under a pane, since the last reset.

import { element } from '../shared/dom.js';
import { UNKNOWN, bytes, count, milliseconds, requestRate, share } from '../shared/units.js';

const ROWS = [
  [['last', 'Latency, last'], ['p50', 'p50'], ['p95', 'p95']],
  [['requests', 'Requests/min'], ['empty', 'Empty answers']],
  [['up', 'Up/msg'], ['down', 'Down/msg'], ['segments', 'Segments/msg']],
];

export class PaneFigures {
  root = element('div', { className: 'figures' });
  #places = new Map();

  constructor() {
    for (const row of ROWS) {
      this.root.append(element('dl', {}, ...row.map(([name, text]) => this.#place(name, text))));
    }
  }

  /** `meter` is of meter.js. */
  showMeter({ figures }) {
    const { latency, emptyShare } = figures;
    this.#say('last', milliseconds(latency.last));
    this.#say('p50', milliseconds(latency.p50));
    this.#say('p95', milliseconds(latency.p95));
    this.#say('requests', requestRate(figures));
    this.#say('empty', share(emptyShare));
  }

  /** `counted` as Counters.of() answers it, or null; `messages` is how many were delivered. */
  showCounted(counted, messages) {
    const each = (name) => (counted && messages ? counted[name] / messages : undefined);
    this.#say('up', bytes(each('bytes_up')));
    this.#say('down', bytes(each('bytes_down')));
    this.#say('segments', `↑${count(each('segments_up'))} ↓${count(each('segments_down'))}`);
  }

  #place(name, text) {
    const value = element('dd', {}, UNKNOWN);
    value.dataset.figure = name;
    this.#places.set(name, value);
    return element('div', {}, element('dt', {}, text), value);
  }

  #say(name, text) {
    const place = this.#places.get(name);
    if (place.textContent !== text) place.textContent = text;
  }
}
