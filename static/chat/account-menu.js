// The menu under one's own name: become somebody else in this tab, add an account, sign out.

import { $, element, initial } from '../shared/dom.js';
import { personButton } from './person.js';
import { heldAccounts } from '../shared/session.js';

/** `become(account)`, `add()` and `leave()` do what the entries say. */
export class AccountMenu {
  #button = $('#account-menu');
  #menu = $('#account-list');
  #me;
  #become;

  constructor({ me, become, add, leave }) {
    this.#me = me;
    this.#become = become;
    this.#button.dataset.username = me.username;
    $('.name', this.#button).textContent = me.display_name;
    $('.avatar', this.#button).textContent = initial(me.display_name);
    this.#button.addEventListener('click', () => (this.#menu.hidden ? this.#open() : this.#close()));
    $('#add-account').addEventListener('click', () => this.#closeAnd(add));
    $('#sign-out').addEventListener('click', () => this.#closeAnd(leave));
    this.#closeOnLeaving();
  }

  #open() {
    this.#menu.hidden = false;
    this.#button.setAttribute('aria-expanded', 'true');
    // Other tabs may have signed somebody in or out since.
    heldAccounts().then((accounts) => this.#list(accounts), () => this.#list([this.#me]));
  }

  #close() {
    this.#menu.hidden = true;
    this.#button.setAttribute('aria-expanded', 'false');
  }

  #closeAnd(action) {
    this.#close();
    action();
  }

  #closeOnLeaving() {
    const area = this.#button.parentElement;
    document.addEventListener('pointerdown', ({ target }) => area.contains(target) || this.#close());
    area.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape' || this.#menu.hidden) return;
      this.#close();
      this.#button.focus();
    });
    area.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget && !area.contains(relatedTarget)) this.#close();
    });
  }

  #list(accounts) {
    $('#accounts').replaceChildren(...accounts.map((account) => this.#entry(account)));
  }

  #entry(account) {
    const button = personButton(account, () => this.#closeAnd(() => this.#become(account)));
    button.dataset.account = account.username;
    if (account.username === this.#me.username) button.setAttribute('aria-current', 'true');
    return element('li', {}, button);
  }
}
