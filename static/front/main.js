// The front page: names the four transports, and says whether guests are admitted.

import { getJson } from '../shared/api.js';
import { $, element } from '../shared/dom.js';
import { identities, loadIdentities } from '../shared/identities.js';
import { marker } from '../shared/markers.js';
import { transportOf, transports } from '../transports/index.js';

async function nameTheFour() {
  await loadIdentities();
  $('#four').replaceChildren(...identities().filter(({ slug }) => transports.has(slug)).map(({ slug, name }) => (
    element('li', {},
      marker(slug),
      element('span', { className: 'name' }, name),
      element('span', { className: 'about' }, transportOf(slug).summary))
  )));
}

async function sayWhoMayLook() {
  const { guests } = await getJson('/server.json');
  for (const way of ['#as-guest', '#chat-as-guest']) $(way).hidden = !guests;
  for (const way of ['#as-member', '#chat-as-member']) $(way).hidden = guests;
}

nameTheFour();
sayWhoMayLook();
