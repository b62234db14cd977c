// The transport toggle, the transport's setting, and the connections held.

/** @import { Tabs } from '../connection/tabs.js' */
/** @import { Setting } from '../shared/types.js' */
/** @import { Settings } from './settings.js' */

import { AUTO } from '../connection/choice.js';
import { showHeld } from '../connection/held-count.js';
import { $, element, fieldOf } from '../shared/dom.js';
import { colourWith, identities, identity } from '../shared/identities.js';
import { allMarkers, marker } from '../shared/markers.js';
import { saySetting, settingSlider } from '../shared/setting-slider.js';
import { ladder, transportOf, transports } from '../transports/index.js';

export class TransportPanel {
  #form = $('#transport');
  /** @type {{ slug: string, setting: Setting, field: HTMLElement }[]} */
  #sliders;
  #settings;

  /**
   * @param {Settings} settings
   * @param {Tabs} tabs
   */
  constructor(settings, tabs) {
    this.#settings = settings;
    const known = identities().filter(({ slug }) => transports.has(slug));
    $('#transports').append(...known.map(({ slug, name }) => choice(slug, name, transportOf(slug).summary, marker(slug))));
    const tries = `Tries ${identity(ladder[0]).name} first, then what else works.`;
    $('#transports').append(choice(AUTO, 'Auto', tries, allMarkers()));
    this.#sliders = known.flatMap(({ slug }) => slidersFor(slug));
    this.#form.append(...this.#sliders.map(({ field }) => field));
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    this.#form.addEventListener('change', ({ target }) => this.#changed(/** @type {HTMLInputElement} */ (target)));
    this.#form.addEventListener('input', () => this.#showSliders());
    settings.addEventListener('change', () => this.#show());
    tabs.addEventListener('change', () => showHeld(tabs.held));
    showHeld(tabs.held);
    for (const { setting: { name } } of this.#sliders) fieldOf(this.#form, name).value = String(settings.values[name]);
    this.#show();
  }

  /** @param {HTMLInputElement} input */
  #changed({ name, value }) {
    this.#settings.change({ [name]: name === 'transport' ? value : Number(value) });
  }

  #show() {
    fieldOf(this.#form, 'transport').value = this.#settings.transport;
    this.#showSliders();
  }

  #showSliders() {
    const chosen = fieldOf(this.#form, 'transport').value;
    for (const { slug, setting: { name, read }, field } of this.#sliders) {
      const slider = fieldOf(this.#form, name);
      slider.disabled = slug !== chosen;
      field.hidden = slider.disabled;
      saySetting(field, read(Number(slider.value)));
    }
  }
}

/** @param {string} slug */
function slidersFor(slug) {
  const { setting } = transportOf(slug);
  return setting ? [{ slug, setting, field: colourWith(settingSlider(setting, setting.label), slug) }] : [];
}

/**
 * @param {string} slug a transport's, or AUTO
 * @param {string} name
 * @param {string} summary
 * @param {SVGElement} symbol
 */
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
