// The notice that appears where the chosen transport does not get through and another may: with a button for Auto.

/** @import { Settings } from './settings.js' */

import { AUTO } from '../connection/choice.js';
import { $ } from '../shared/dom.js';
import { identity } from '../shared/identities.js';

export class FaultNotice {
  #root = $('#fault-notice');

  /** @param {Settings} settings */
  constructor(settings) {
    $('#use-auto').addEventListener('click', () => {
      settings.change({ transport: AUTO });
      $('#message-box').focus(); // the button is gone
    });
    $('#hide-fault-notice').addEventListener('click', () => {
      this.#root.hidden = true;
      $('#message-box').focus();
    });
  }

  /**
   * `reason` is a clause, or null where nothing is wrong (any more).
   * @param {string} transport
   * @param {string | null} reason
   */
  show(transport, reason) {
    this.#root.hidden = reason === null;
    $('#fault-notice-text').textContent = reason ? `${identity(transport).name} does not get through here: ${reason}.` : '';
  }
}
