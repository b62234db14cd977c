// A slider for a transport's setting, in seconds.

/** @import { Setting } from './types.js' */

import { $, element } from './dom.js';

/**
 * @param {Setting} setting
 * @param {string} text its label
 */
export function settingSlider({ name, lowest, highest, step }, text) {
  const [min, max] = [String(lowest), String(highest)];
  const input = element('input', { type: 'range', id: name, name, min, max, step: String(step) });
  const output = element('output');
  output.setAttribute('for', name);
  output.setAttribute('aria-hidden', 'true'); // the slider says its value itself
  return element('div', { className: 'slider' }, element('label', { htmlFor: name }, text), output, input);
}

/**
 * Writes what a slider's value means into `field`, which holds both.
 * @param {HTMLElement} field
 * @param {string} text
 */
export function saySetting(field, text) {
  $('output', field).textContent = text;
  $('input', field).setAttribute('aria-valuetext', text);
}
