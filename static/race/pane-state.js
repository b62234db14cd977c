// One line of a pane: whether it works, and if not, why and until when.

/** @import { ConnectionNow, ConnectionState } from '../shared/types.js' */

import { element } from '../shared/dom.js';

/** What fits beside the name of the transport. */
const SHORT = 6;
/** A reason stays to be read, though the next try may begin, or work, at once. */
const READABLE_MS = 5000;

/** @typedef {Omit<Partial<ConnectionNow>, 'state'> & { state: ConnectionState | 'closed' }} Now */

export class PaneState {
  root = element('p', { className: 'pane-state' });
  /** @type {Now} */
  #now = { state: 'connecting' };
  #note = '';
  #noteUntil = 0;

  /**
   * As Connection reports it.
   * @param {Now} now
   */
  show(now) {
    this.#now = now;
    if (now.reason || now.state === 'offline') this.note(now.reason ?? '');
    this.refresh();
  }

  /**
   * Shows something that has just happened.
   * @param {string} text
   */
  note(text) {
    this.#note = text;
    this.#noteUntil = performance.now() + READABLE_MS;
    this.refresh();
  }

  /** `isParked`: a request is on its way or parked at the server. */
  refresh(isParked = false) {
    const { state, waiting, retryAt } = this.#now;
    // A first poll that is parked has no response yet, and that is no error.
    const now = state === 'connecting' && isParked ? 'parked' : state;
    /** @type {string[]} */
    const parts = [waiting ? 'waiting for a connection' : now];
    if (this.#note && (state === 'offline' || performance.now() < this.#noteUntil)) parts.push(this.#note);
    if (retryAt) parts.push(again(retryAt));
    const text = parts.join(' · ');
    this.root.toggleAttribute('data-long', text.length > SHORT);
    if (this.root.textContent !== text) this.root.textContent = text;
  }
}

/** @param {number} retryAt */
function again(retryAt) {
  const seconds = Math.ceil((retryAt - Date.now()) / 1000);
  return seconds > 0 ? `again in\u00a0${seconds}\u00a0s` : 'again now';
}
