// What to try first: in an empty room, and for an account that has not written anything in this browser yet.

/** @import { Account, Room } from '../shared/types.js' */

import { $ } from '../shared/dom.js';
import { roomAddress } from '../shared/session.js';

export class Hints {
  #root = $('#hints');
  #storedAs;

  /**
   * `addAccount` opens the form for another account.
   * @param {{ room: Room, me: Account, addAccount: () => void }} options
   */
  constructor({ room, me, addAccount }) {
    this.#storedAs = `pushlab.wrote.${me.username}`;
    $('#hint-tab').setAttribute('href', roomAddress(room.name, me.username));
    $('#hint-account').addEventListener('click', addAccount);
    this.#root.hidden = room.head > 0 && localStorage.getItem(this.#storedAs) !== null;
  }

  /** The account has written something. */
  wrote() {
    localStorage.setItem(this.#storedAs, 'yes');
    this.#root.hidden = true;
  }
}
