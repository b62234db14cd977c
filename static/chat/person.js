// A person as a button: to become them, or to go on as them.

/** @import { Account } from '../shared/types.js' */

import { element, initial } from '../shared/dom.js';

/**
 * @param {Account} person
 * @param {() => void} choose
 */
export function personButton({ username, display_name: name }, choose) {
  const button = element('button', { type: 'button', className: 'person' },
    element('span', { className: 'avatar', ariaHidden: 'true' }, initial(name)),
    element('bdi', { className: 'name' }, name),
    element('span', { className: 'handle' }, `@${username}`));
  button.addEventListener('click', choose);
  return button;
}
