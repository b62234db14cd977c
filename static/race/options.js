// The options in the address, behind its `#`: room, the transports' settings, rate, pace. They are not
// in the query, because a request's Referer carries that, and the race's requests have to be the lab's
// byte for byte.

/** @import { SettingValues } from '../shared/types.js' */

import { RACE_ROOM } from '../shared/rooms.js';
import { within } from '../shared/within.js';
import { transportSettings } from '../transports/index.js';

/** Messages a second. */
const RATE = { name: 'rate', lowest: 0.2, highest: 200, usual: 1 };
export const PACES = ['poisson', 'steady'];

/** Dispatches `change` with the names of what has changed. */
export class Options extends EventTarget {
  #said = new URLSearchParams(location.hash.slice(1));
  room = this.#said.get('room') || RACE_ROOM;
  /**
   * The numbers: of the transports' settings, and the rate.
   * @type {SettingValues}
   */
  values = Object.fromEntries([...transportSettings, RATE].map((each) => [each.name, within(this.#said.get(each.name), each)]));
  pace = PACES.find((pace) => pace === this.#said.get('pace')) ?? PACES[0];
  /** Whether polls are bound to a session (faults.js): a fault to try, which no address keeps. */
  bound = false;
  /**
   * The slug of the line that the race goes over (wire/lines.js), where it is not the one by which this page came.
   * @type {string | null}
   */
  line = this.#said.get('line');

  constructor() {
    super();
    // The address was edited: start again with its options.
    window.addEventListener('hashchange', () => location.reload());
  }

  /** All of them, as the address says them. */
  get fragment() {
    const numbers = Object.entries(this.values).map(([name, value]) => [name, String(value)]);
    const line = this.line ? [['line', this.line]] : [];
    return String(new URLSearchParams([['room', this.room], ...numbers, ['pace', this.pace], ...line]));
  }

  /** @param {Record<string, number>} values */
  set(values) {
    this.values = { ...this.values, ...values };
    this.#changed(Object.keys(values));
  }

  /** @param {string} pace */
  setPace(pace) {
    this.pace = pace;
    this.#changed(['pace']);
  }

  /** @param {string | null} line */
  setLine(line) {
    this.line = line;
    this.#changed(['line']);
  }

  /** @param {{ bound: boolean }} values */
  change({ bound }) {
    this.bound = bound;
    this.#changed(['bound']);
  }

  /** @param {string[]} names */
  #changed(names) {
    const stage = document.body.hasAttribute('data-stage') ? '&stage' : '';
    history.replaceState(history.state, '', `#${this.fragment}${stage}`);
    this.dispatchEvent(new CustomEvent('change', { detail: names }));
  }
}
