// How many of the browser's connections its tabs hold, in words and as dots.

import { $, element } from '../shared/dom.js';
import { LIMIT } from './tabs.js';

/**
 * A WebSocket, or a short poll between its requests, takes none of them: "0 of 6" would look like an error.
 * @param {number} held
 */
export function showHeld(held) {
  $('#held-count').textContent = held ? `${held} of ${LIMIT}` : 'none needed';
  $('#held-dots').hidden = held === 0;
  $('#held-dots').replaceChildren(...Array.from({ length: LIMIT }, (_, index) => dot(index < held)));
}

/** @param {boolean} isHeld */
function dot(isHeld) {
  const made = element('span', { className: 'dot' });
  made.toggleAttribute('data-held', isHeld);
  return made;
}
