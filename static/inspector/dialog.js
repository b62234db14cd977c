// The dialog around the record: a heading, a button to close it; removed when it is closed.

/** @import { ExchangeQuery } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { identity } from '../shared/identities.js';
import { marker } from '../shared/markers.js';

let count = 0;

/**
 * Opens it; returns the element and the part of it that scrolls.
 * @param {ExchangeQuery} question
 */
export function makeDialog({ seq, transport }) {
  const heading = element('h2', { id: `inspector-heading-${++count}` }, 'How did this get here?');
  const body = element('div', { className: 'inspector-body', tabIndex: 0 });
  const head = element('header', {}, element('div', {}, heading, subject(seq, transport)), closeButton(() => dialog.close()));
  const dialog = element('dialog', { className: 'inspector' }, head, body);
  dialog.setAttribute('aria-labelledby', heading.id);
  body.setAttribute('role', 'group');
  body.setAttribute('aria-labelledby', heading.id);
  // Escape and the button end in `close`; a click beside the content has the dialog as its target.
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('pointerdown', ({ target }) => target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, body };
}

/**
 * @param {number} seq
 * @param {string} transport
 */
function subject(seq, transport) {
  return element('p', { className: 'inspector-subject' },
    `Message ${seq}, over `, marker(transport), ' ', identity(transport).name);
}

/** @param {() => void} close */
function closeButton(close) {
  const button = element('button', { type: 'button', className: 'quiet inspector-close' }, 'Close');
  button.addEventListener('click', close);
  return button;
}
