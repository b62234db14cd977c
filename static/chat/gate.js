// The page before the chat: sign in, create an account, or use one that is signed in here.

/** @import { Account } from '../shared/types.js' */

import { $, element, fieldOf } from '../shared/dom.js';
import { onSubmit, showErrors } from '../shared/forms.js';
import { NOTHING_KNOWN, serverInfo } from '../shared/server-info.js';
import { enterAsGuest, heldAccounts, keepGuest, signIn, signUp } from '../shared/session.js';
import { personButton } from './person.js';

/** A browser that has been signed in before is asked to sign in, a new one to make an account. */
const RETURNING = 'pushlab.returning';

/** Pages that send here whoever has to sign in first (`?next=`), and take them back. */
const SENDERS = ['/race', '/class'];

/** The page that wants somebody signed in, or undefined. */
const sender = () => SENDERS.find((path) => path === new URLSearchParams(location.search).get('next'));

const form = (/** @type {string} */ selector) => /** @type {HTMLFormElement} */ ($(selector));

export class Gate {
  #root = $('#gate');
  /** @type {Record<string, HTMLFormElement>} */
  #forms = { 'sign-in': form('#sign-in'), 'sign-up': form('#sign-up') };
  #enter;

  /**
   * `enter` is called after signing in; `cancel` when the form is left.
   * @param {{ enter: (account: Account) => void, cancel: () => void }} options
   */
  constructor({ enter, cancel }) {
    this.#enter = enter;
    for (const name of Object.keys(this.#forms)) {
      $(`#show-${name}`).addEventListener('click', () => this.#show(name));
    }
    onSubmit(this.#forms['sign-in'], async (fields) => this.#done(await signIn(fields)));
    onSubmit(this.#forms['sign-up'], async (fields) => this.#done(await signUp(filled(fields))));
    onSubmit($('#keep'), async ({ username, ...fields }) => this.#done(await keepGuest(username, filled(fields))));
    onSubmit($('#guest'), async () => this.#leave(await enterAsGuest())); // a guest can't sign in again
    $('#gate-cancel').addEventListener('click', cancel);
  }

  /**
   * `why` says what happened, `username` whom this tab wants, `canCancel` whether there is a way back;
   * `accounts` are those that are signed in here, where that is known already.
   * @param {{ why?: string, username?: string, canCancel?: boolean, accounts?: Account[] }} [options]
   */
  async open({ why = '', username = '', canCancel = false, accounts } = {}) {
    this.#root.hidden = false;
    $('.switch', this.#root).hidden = false;
    this.#explain(why);
    $('#gate-cancel').hidden = !canCancel;
    fieldOf(this.#forms['sign-in'], 'username').value = username;
    const isKnown = username || localStorage.getItem(RETURNING);
    this.#show(isKnown && !canCancel ? 'sign-in' : 'sign-up');
    await this.#offerAccounts();
    this.#offerHeld(canCancel ? [] : accounts ?? await heldAccounts().catch(() => []));
  }

  /**
   * Asks for what makes an account of a guest's.
   * @param {Account} guest
   */
  async openToKeep({ username }) {
    this.#root.hidden = false;
    this.#explain('');
    for (const other of ['#sign-in', '#sign-up', '#guest', '#gate-held', '.switch']) $(other, this.#root).hidden = true;
    const { registration } = await serverInfo().catch(() => NOTHING_KNOWN);
    $('#keep-code').hidden = registration !== 'code';
    if (registration === 'closed') this.#explain('This server gives no accounts that last.');
    const keep = form('#keep');
    keep.hidden = registration === 'closed';
    fieldOf(keep, 'username').value = username;
    $('#gate-cancel').hidden = false;
    fieldOf(keep, 'display_name').focus();
  }

  close() {
    this.#root.hidden = true;
    $('#keep').hidden = true;
  }

  /** @param {string} why */
  #explain(why) {
    $('#gate-why').textContent = why;
    $('#gate-why').hidden = !why;
  }

  /** @param {string} name of a form */
  #show(name) {
    for (const [each, form] of Object.entries(this.#forms)) {
      form.hidden = each !== name;
      showErrors(form, {});
      $(`#show-${each}`).setAttribute('aria-pressed', String(each === name));
    }
    const fields = [...this.#forms[name].querySelectorAll('input')];
    (fields.find((field) => !field.value) ?? fields[0]).focus();
  }

  /** To whom the server gives accounts, lasting ones or for a while. */
  async #offerAccounts() {
    const { guests, registration } = await serverInfo().catch(() => NOTHING_KNOWN);
    $('#guest').hidden = !guests;
    $('#sign-up-code').hidden = registration !== 'code';
    const isClosed = registration === 'closed';
    $('.switch', this.#root).hidden = isClosed;
    if (isClosed) this.#show('sign-in');
  }

  /**
   * Other accounts that are signed in here; not shown while one is added.
   * @param {Account[]} accounts
   */
  #offerHeld(accounts) {
    $('#gate-held').hidden = accounts.length === 0;
    $('#gate-held ul').replaceChildren(...accounts.map(
      (account) => element('li', {}, personButton(account, () => this.#done(account))),
    ));
  }

  /** @param {Account} account */
  #done(account) {
    localStorage.setItem(RETURNING, 'yes');
    this.#leave(account);
  }

  /** @param {Account} account */
  #leave(account) {
    for (const each of [...Object.values(this.#forms), form('#keep')]) each.reset();
    const back = sender();
    if (back) location.assign(back);
    else this.#enter(account);
  }
}

/**
 * Without optional members that were left empty: the server then chooses, or asks for no code.
 * @param {Record<string, string>} fields
 */
function filled(fields) {
  const isFilled = (/** @type {[string, string]} */ [name, value]) => value || !['display_name', 'code'].includes(name);
  return Object.fromEntries(Object.entries(fields).filter(isFilled));
}
