// The page before the chat: sign in, make an account, or go on as somebody signed in here.

import { $, element } from '../shared/dom.js';
import { onSubmit, showErrors } from '../shared/forms.js';
import { personButton } from './person.js';
import { heldAccounts, signIn, signUp } from '../shared/session.js';

/** A browser that has been signed in before is asked to sign in, a new one to make an account. */
const RETURNING = 'pushlab.returning';

/** Pages that send here whoever has to sign in first (`?next=`), and take them back. */
const SENDERS = ['/race'];

/** The page that wants somebody signed in, or undefined. */
const sender = () => SENDERS.find((path) => path === new URLSearchParams(location.search).get('next'));

export class Gate {
  #root = $('#gate');
  #forms = { 'sign-in': $('#sign-in'), 'sign-up': $('#sign-up') };
  #enter;

  /** `enter(account)` is called when somebody has signed in; `cancel` when they'd rather not. */
  constructor({ enter, cancel }) {
    this.#enter = enter;
    for (const name of Object.keys(this.#forms)) {
      $(`#show-${name}`).addEventListener('click', () => this.#show(name));
    }
    onSubmit(this.#forms['sign-in'], async (fields) => this.#done(await signIn(fields)));
    onSubmit(this.#forms['sign-up'], async (fields) => this.#done(await signUp(filled(fields))));
    $('#gate-cancel').addEventListener('click', cancel);
  }

  /** `why` says what happened, `username` whom this tab wants, `canCancel` whether there is a way back. */
  async open({ why = '', username = '', canCancel = false } = {}) {
    this.#root.hidden = false;
    this.#explain(why);
    $('#gate-cancel').hidden = !canCancel;
    this.#forms['sign-in'].elements.username.value = username;
    const isKnown = username || localStorage.getItem(RETURNING);
    this.#show(isKnown ? 'sign-in' : 'sign-up');
    await this.#offerHeld(canCancel);
  }

  close() {
    this.#root.hidden = true;
  }

  #explain(why) {
    $('#gate-why').textContent = why;
    $('#gate-why').hidden = !why;
  }

  #show(name) {
    for (const [each, form] of Object.entries(this.#forms)) {
      form.hidden = each !== name;
      showErrors(form, {});
      $(`#show-${each}`).setAttribute('aria-pressed', String(each === name));
    }
    const fields = [...this.#forms[name].querySelectorAll('input')];
    (fields.find((field) => !field.value) ?? fields[0]).focus();
  }

  /** Others who are signed in here. Adding an account starts in their midst, so not then. */
  async #offerHeld(isAdding) {
    const accounts = isAdding ? [] : await heldAccounts().catch(() => []);
    $('#gate-held').hidden = accounts.length === 0;
    $('#gate-held ul').replaceChildren(...accounts.map(
      (account) => element('li', {}, personButton(account, () => this.#done(account))),
    ));
  }

  #done(account) {
    localStorage.setItem(RETURNING, 'yes');
    for (const form of Object.values(this.#forms)) form.reset();
    const back = sender();
    if (back) location.assign(back);
    else this.#enter(account);
  }
}

/** Without members that were left empty and are optional: the server then chooses. */
function filled({ display_name: displayName, ...fields }) {
  return displayName ? { ...fields, display_name: displayName } : fields;
}
