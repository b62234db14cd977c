// The toggle: which transport, how often to poll, how long to wait; and the connections held.

import { $, element } from '../shared/dom.js';
import { colourWith, identities } from '../shared/identities.js';
import { allMarkers, marker } from '../shared/markers.js';
import { AUTO } from './settings.js';
import { LIMIT } from '../connection/tabs.js';
import { transports } from '../transports/index.js';

/** Which transport each slider concerns, and how its value reads. */
const SLIDERS = [
  { name: 'interval', transport: 'short_poll', read: (value) => `every ${value.toFixed(1)} s` },
  { name: 'wait', transport: 'long_poll', read: (value) => `up to ${value} s` },
];

export class TransportPanel {
  #form = $('#transport');
  #settings;

  constructor(settings, tabs) {
    this.#settings = settings;
    const known = identities().filter(({ slug }) => transports.has(slug));
    $('#transports').append(...known.map(({ slug, name }) => choice(slug, name, transports.get(slug).summary, marker(slug))));
    $('#transports').append(choice(AUTO, 'Auto', 'Tries WebSocket first, then what else works.', allMarkers()));
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    this.#form.addEventListener('change', ({ target }) => this.#changed(target));
    this.#form.addEventListener('input', () => this.#showSliders());
    settings.addEventListener('change', () => this.#show());
    tabs.addEventListener('change', () => showHeld(tabs.held));
    showHeld(tabs.held);
    for (const { name } of SLIDERS) this.#form.elements[name].value = settings[name];
    this.#show();
  }

  #changed({ name, value }) {
    this.#settings.change({ [name]: name === 'transport' ? value : Number(value) });
  }

  #show() {
    this.#form.elements.transport.value = this.#settings.transport;
    this.#showSliders();
  }

  #showSliders() {
    const chosen = this.#form.elements.transport.value;
    for (const { name, transport, read } of SLIDERS) {
      const slider = this.#form.elements[name];
      const text = read(Number(slider.value));
      slider.disabled = transport !== chosen;
      slider.setAttribute('aria-valuetext', text);
      const field = slider.closest('.slider');
      field.hidden = slider.disabled;
      colourWith(field, transport);
      $('output', field).textContent = text;
    }
  }
}

function choice(slug, name, summary, symbol) {
  const radio = element('input', { type: 'radio', name: 'transport', value: slug, id: `transport-${slug}` });
  radio.setAttribute('aria-describedby', `about-${slug}`);
  const about = element('span', { className: 'about', id: `about-${slug}` }, summary);
  const label = element('label', { htmlFor: radio.id }, symbol, element('span', { className: 'name' }, name));
  const made = element('div', { className: 'choice' }, radio, label, about);
  if (slug !== AUTO) return colourWith(made, slug);
  made.dataset.auto = '';
  return made;
}

function showHeld(held) {
  $('#held-count').textContent = `${held} of ${LIMIT}`;
  const dots = Array.from({ length: LIMIT }, (_, index) => {
    const dot = element('span', { className: 'dot' });
    dot.toggleAttribute('data-held', index < held);
    return dot;
  });
  $('#held-dots').replaceChildren(...dots);
}
