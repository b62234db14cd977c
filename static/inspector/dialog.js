// The dialog around the record: a heading, a button to close it; removed when it is closed.

/** @import { ExchangeQuery } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { marker } from '../shared/markers.js';
import { wayName } from './names.js';

let count = 0;

/**
 * Opens it; returns the element, the part of it that scrolls, and what changes its subject.
 * @param {ExchangeQuery} about
 */
export function makeDialog(about) {
  const heading = element('h2', { id: `inspector-heading-${++count}` }, 'How did this get here?');
  const subject = element('p', { className: 'inspector-subject' });
  const body = element('div', { className: 'inspector-body', tabIndex: 0 });
  const head = element('header', {}, element('div', {}, heading, subject), closeButton(() => dialog.close()));
  const dialog = element('dialog', { className: 'inspector' }, head, body);
  const setSubject = (/** @type {ExchangeQuery} */ about) => subject.replaceChildren(...subjectOf(about));
  setSubject(about);
  dialog.setAttribute('aria-labelledby', heading.id);
  body.setAttribute('role', 'group');
  body.setAttribute('aria-labelledby', heading.id);
  // Escape and the button end in `close`; a click beside the content has the dialog as its target.
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('pointerdown', ({ target }) => target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, body, setSubject };
}

/** @param {ExchangeQuery} about */
function subjectOf(about) {
  const { seq, transport } = about;
  if (transport === null) return [`Message ${seq}, came ${wayName(about)}`];
  return [`Message ${seq}, over `, marker(transport), ` ${wayName(about).replace('over ', '')}`];
}

/** @param {() => void} close */
function closeButton(close) {
  const button = element('button', { type: 'button', className: 'quiet inspector-close' }, 'Close');
  button.addEventListener('click', close);
  return button;
}
