// The notice that appears before a feed has to wait for one of the browser's six connections.

/** @import { Tabs } from '../connection/tabs.js' */
/** @import { Settings } from './settings.js' */

import { LIMIT } from '../connection/tabs.js';
import { $ } from '../shared/dom.js';
import { identity } from '../shared/identities.js';
import { bestThatHoldsNone, transports } from '../transports/index.js';

const WAITING = `The browser gives this address ${LIMIT} connections, and your tabs hold all but one, `
  + 'which is needed to send and to load. This tab waits until another tab closes one.';
const NEARLY = `Your tabs hold all but one of the ${LIMIT} connections that the browser gives this address. `
  + 'The next tab with an open feed would have to wait.';

export class ConnectionNotice {
  #root = $('#connection-notice');
  #settings;
  #tabs;
  #isWaiting = false;
  #isHidden = false; // by hand, until there is something else to say

  /**
   * @param {Settings} settings
   * @param {Tabs} tabs
   */
  constructor(settings, tabs) {
    this.#settings = settings;
    this.#tabs = tabs;
    tabs.addEventListener('change', () => this.#show());
    offerAnother(settings);
    $('#hide-connection-notice').addEventListener('click', () => {
      this.#isHidden = true;
      this.#show();
    });
  }

  /**
   * Whether this tab itself waits.
   * @param {boolean} isWaiting
   */
  waiting(isWaiting) {
    if (isWaiting !== this.#isWaiting) this.#isHidden = false;
    this.#isWaiting = isWaiting;
    this.#show();
  }

  #show() {
    const concerned = transports.get(this.#settings.transport)?.holds && this.#tabs.isFull;
    $('#connection-notice-text').textContent = this.#isWaiting ? WAITING : NEARLY;
    if (!this.#isWaiting && !concerned) this.#isHidden = false;
    this.#root.hidden = this.#isHidden || (!this.#isWaiting && !concerned);
  }
}

/**
 * The best transport that needs none of these connections, and why it does not.
 * @param {Settings} settings
 */
function offerAnother(settings) {
  const { slug, whyItHoldsNone } = bestThatHoldsNone;
  const button = $('#use-another');
  button.textContent = `use ${identity(slug).name} in this one`;
  button.addEventListener('click', () => settings.change({ transport: slug }));
  $('#why-another').textContent = `${whyItHoldsNone}.`;
}
