// An account as a button: to use it in this tab.

/** @import { Account } from '../shared/types.js' */

import { avatar } from '../shared/avatar.js';
import { element } from '../shared/dom.js';

/**
 * @param {Account} person
 * @param {() => void} choose
 */
export function personButton({ username, display_name: name }, choose) {
  const button = element('button', { type: 'button', className: 'person' },
    avatar(username, name),
    element('bdi', { className: 'name' }, name),
    element('span', { className: 'handle' }, `@${username}`));
  button.addEventListener('click', choose);
  return button;
}
