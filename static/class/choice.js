// Over which transport messages shall come to this phone: by lot, or one of the four.

import { $, element } from '../shared/dom.js';
import { identities } from '../shared/identities.js';
import { marker } from '../shared/markers.js';
import { transportOf, transports } from '../transports/index.js';

/**
 * Calls `start` with what is chosen; without a transport, the server draws one.
 * @param {(transport?: string) => void} start
 */
export function offerChoice(start) {
  const chosen = (/** @type {string | undefined} */ slug) => {
    $('#choice').hidden = true;
    start(slug);
  };
  const known = identities().filter(({ slug }) => transports.has(slug));
  $('#four').replaceChildren(...known.map(({ slug, name }) => {
    const about = element('span', { className: 'about' }, transportOf(slug).summary);
    const button = element('button', { type: 'button' }, marker(slug), name, about);
    button.dataset.transport = slug;
    button.addEventListener('click', () => chosen(slug));
    return element('li', {}, button);
  }));
  $('#lot').addEventListener('click', () => chosen(undefined));
  $('#choice').hidden = false;
}
