// A message that this tab got twice, before a reload and after it: two buttons that choose which story is told.

/** @import { ExchangeQuery } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { wayName } from './names.js';

/**
 * @param {ExchangeQuery} first
 * @param {ExchangeQuery} second
 * @param {ExchangeQuery} shown
 * @param {(way: ExchangeQuery) => void} show
 */
export function switchBetween(first, second, shown, show) {
  const root = element('div', { className: 'inspector-ways', role: 'group' });
  root.setAttribute('aria-label', 'It came twice');
  for (const way of [first, second]) {
    const when = way.isEarlier ? 'before the page was loaded again' : 'in this page';
    const button = element('button', { type: 'button' }, `It came ${wayName(way)}, ${when}`);
    button.setAttribute('aria-pressed', String(way === shown));
    button.addEventListener('click', () => show(way));
    root.append(button);
  }
  return root;
}
