// The settings of one pane's connection: its transport is fixed, the rest are the page's options.

/** @import { Options } from './options.js' */

import { transportOf } from '../transports/index.js';

/** Dispatches `change`, as connection.js wants it. */
export class PaneSettings extends EventTarget {
  #options;

  /**
   * @param {string} transport
   * @param {Options} options
   */
  constructor(transport, options) {
    super();
    this.transport = transport;
    this.#options = options;
    const concerns = whatConcerns(transport);
    options.addEventListener('change', (event) => {
      const { detail } = /** @type {CustomEvent<string[]>} */ (event);
      if (detail.some((name) => concerns.includes(name))) this.dispatchEvent(new Event('change'));
    });
  }

  get values() { return this.#options.values; }
  get bound() { return this.#options.bound; }
}

/**
 * The options after which a transport has to be opened again.
 * @param {string} slug
 */
function whatConcerns(slug) {
  const { isPoll, setting } = transportOf(slug);
  return [...(setting ? [setting.name] : []), ...(isPoll ? ['bound'] : [])];
}
