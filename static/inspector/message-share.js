// What of some bytes was message and what was overhead: a bar and the numbers.

import { element } from '../shared/dom.js';
import { exactBytes } from '../shared/units.js';

/**
 * `others`: how many other messages are among the rest.
 * @param {number} messageBytes
 * @param {number} all
 * @param {number} [others]
 */
export function messageShare(messageBytes, all, others = 0) {
  const filled = element('span', { className: 'filled' });
  filled.style.setProperty('inline-size', `${all ? (100 * messageBytes) / all : 0}%`);
  const bar = element('span', { className: 'inspector-bar', ariaHidden: 'true' }, filled);
  return element('p', { className: 'inspector-share' }, bar, element('span', {}, words(messageBytes, all, others)));
}

/** @type {(messageBytes: number, all: number, others: number) => string} */
function words(messageBytes, all, others) {
  const rest = others ? ` (the rest is overhead and ${others} other message${others === 1 ? '' : 's'})` : '';
  return `message ${exactBytes(messageBytes)} of ${exactBytes(all)}${rest}`;
}
