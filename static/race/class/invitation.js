// How phones come in: the code, the address under it, and what stands in the way.

/** @import { Place } from './address.js' */

import { element } from '../../shared/dom.js';
import { codeOf } from './code.js';

const COMMAND = 'pushlab serve --bind 0.0.0.0:8080 --guests on';

/**
 * The parts of the invitation.
 * @param {Place} place
 */
export function invitation({ address, isOutOfReach, admitsGuests, elsewhere }) {
  const code = codeOf(address);
  const button = element('button', { type: 'button', className: 'class-code', ariaLabel: 'Show the code large' }, code);
  button.addEventListener('click', () => showLarge(code, address));
  const how = element('p', { className: 'help' }, 'Point a phone’s camera at the code, or type the address. Press the code to show it large.');
  /** @type {HTMLElement[]} */
  const parts = [button, element('div', {}, written(address), how)];
  if (isOutOfReach) {
    parts.push(notice('Phones can’t reach this: a loopback address is for this machine alone. Start the server for the class with ', element('code', {}, COMMAND), ' and open this page at an address of this machine in the network; the server’s log names one.'));
  } else if (elsewhere) {
    parts.push(notice('This page is open at a loopback address, which phones can’t reach. The code leads to this machine’s address in the network; what others see is at ', element('a', { href: elsewhere }, elsewhere), '.'));
  }
  if (!isOutOfReach && !admitsGuests) {
    parts.push(notice('Guests are not admitted: everybody needs an account. Guests come in where the server was started with ', element('code', {}, '--guests on'), '.'));
  }
  return parts;
}

/**
 * The address, which may break before its path.
 * @param {string} address
 */
function written(address) {
  const path = address.indexOf('/class');
  return element('p', { className: 'class-address' }, address.slice(0, path), element('wbr'), address.slice(path));
}

/** @param {(Node | string)[]} text */
const notice = (...text) => element('p', { className: 'class-notice' }, ...text);

/**
 * For the last row of a hall.
 * @param {SVGElement} code
 * @param {string} address
 */
function showLarge(code, address) {
  const shut = element('button', { type: 'button' }, 'Close');
  const dialog = element('dialog', { className: 'class-large' },
    /** @type {SVGElement} */ (code.cloneNode(true)), written(address), shut);
  dialog.setAttribute('aria-label', 'The code for phones');
  shut.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
