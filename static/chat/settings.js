// The settings of this tab: the transport, the values of the transports' settings, whether polls are bound
// to a session (transports/polling.js). Kept in the tab, so that a reload keeps it and another tab may
// choose differently.

/** @import { SettingValues } from '../shared/types.js' */

import { AUTO } from '../connection/choice.js';
import { ladder, transportSettings } from '../transports/index.js';

/** Where they are kept. */
export const SETTINGS = 'pushlab.settings';
const USUAL = {
  transport: ladder[0],
  bound: false,
  .../** @type {SettingValues} */ (Object.fromEntries(transportSettings.map(({ name, usual }) => [name, usual]))),
};

export class Settings extends EventTarget {
  #values;

  /** @param {string[]} slugs the transports that there are */
  constructor(slugs) {
    super();
    const stored = JSON.parse(sessionStorage.getItem(SETTINGS) ?? '{}');
    this.#values = { ...USUAL, ...stored };
    if (![...slugs, AUTO].includes(this.#values.transport)) this.#values.transport = slugs.at(-1);
  }

  /** @returns {string} */
  get transport() { return this.#values.transport; }

  /** @returns {boolean} */
  get bound() { return this.#values.bound; }

  /** @returns {SettingValues} */
  get values() {
    return Object.fromEntries(transportSettings.map(({ name }) => [name, this.#values[name]]));
  }

  /**
   * Changes some values; the event `change` names them.
   * @param {Record<string, string | number | boolean>} values
   */
  change(values) {
    Object.assign(this.#values, values);
    sessionStorage.setItem(SETTINGS, JSON.stringify(this.#values));
    this.dispatchEvent(new CustomEvent('change', { detail: values }));
  }
}
