// The menu under the account's name: use another account in this tab, add one, sign out.

/** @import { Account } from '../shared/types.js' */

import { avatar } from '../shared/avatar.js';
import { $, element } from '../shared/dom.js';
import { heldAccounts } from '../shared/session.js';
import { personButton } from './person.js';

/**
 * `become`, `keep`, `add` and `leave` do what the entries say; only a guest has one to `keep` the account.
 * @typedef {{ me: Account, isGuest: boolean, become: (account: Account) => void, keep: () => void, add: () => void,
 *   leave: () => void }} Options
 */

export class AccountMenu {
  #button = $('#account-menu');
  #menu = $('#account-list');
  #me;
  #become;

  /** @param {Options} options */
  constructor({ me, isGuest, become, keep, add, leave }) {
    this.#me = me;
    this.#become = become;
    this.#button.dataset.username = me.username;
    $('.name', this.#button).textContent = me.display_name;
    this.#button.prepend(avatar(me.username, me.display_name));
    this.#button.addEventListener('click', () => (this.#menu.hidden ? this.#open() : this.#close()));
    $('#keep-account').hidden = !isGuest;
    $('#keep-account').addEventListener('click', () => this.#closeAnd(keep));
    $('#add-account').addEventListener('click', () => this.#closeAnd(add));
    $('#sign-out').addEventListener('click', () => this.#closeAnd(leave));
    this.#closeOnLeaving();
  }

  #open() {
    this.#menu.hidden = false;
    this.#button.setAttribute('aria-expanded', 'true');
    // Other tabs may have signed accounts in or out since.
    heldAccounts().then((accounts) => this.#list(accounts), () => this.#list([this.#me]));
  }

  #close() {
    this.#menu.hidden = true;
    this.#button.setAttribute('aria-expanded', 'false');
  }

  /** @param {() => void} action */
  #closeAnd(action) {
    this.#close();
    action();
  }

  #closeOnLeaving() {
    const area = /** @type {HTMLElement} */ (this.#button.parentElement);
    const isInside = (/** @type {EventTarget | null} */ target) => area.contains(/** @type {Node | null} */ (target));
    document.addEventListener('pointerdown', ({ target }) => isInside(target) || this.#close());
    area.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape' || this.#menu.hidden) return;
      this.#close();
      this.#button.focus();
    });
    area.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget && !isInside(relatedTarget)) this.#close();
    });
  }

  /** @param {Account[]} accounts */
  #list(accounts) {
    $('#accounts').replaceChildren(...accounts.map((account) => this.#entry(account)));
  }

  /** @param {Account} account */
  #entry(account) {
    const button = personButton(account, () => this.#closeAnd(() => this.#become(account)));
    button.dataset.account = account.username;
    if (account.username === this.#me.username) button.setAttribute('aria-current', 'true');
    return element('li', {}, button);
  }
}
