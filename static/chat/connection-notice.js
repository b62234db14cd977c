// Says so before a feed hangs for want of one of the browser's six connections.

import { $ } from '../shared/dom.js';
import { LIMIT } from '../connection/tabs.js';
import { transports } from '../transports/index.js';

const WAITING = `The browser gives this address ${LIMIT} connections, and your tabs hold all but one, `
  + 'which is needed to send and to load. This tab waits until another gives one back.';
const NEARLY = `Your tabs hold all but one of the ${LIMIT} connections that the browser gives this address. `
  + 'The next tab with an open feed would have to wait.';

export class ConnectionNotice {
  #root = $('#connection-notice');
  #settings;
  #tabs;
  #isWaiting = false;

  constructor(settings, tabs) {
    this.#settings = settings;
    this.#tabs = tabs;
    tabs.addEventListener('change', () => this.#show());
    $('#use-websocket').addEventListener('click', () => settings.change({ transport: 'websocket' }));
  }

  /** Whether this tab itself is held up. */
  waiting(isWaiting) {
    this.#isWaiting = isWaiting;
    this.#show();
  }

  #show() {
    const concerned = transports.get(this.#settings.transport)?.holds && this.#tabs.isFull;
    $('#connection-notice-text').textContent = this.#isWaiting ? WAITING : NEARLY;
    this.#root.hidden = !this.#isWaiting && !concerned;
  }
}
