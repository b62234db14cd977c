// The controls of the race: send a message, run a stream, set the polls, reset.

/** @import { Options } from './options.js' */
/** @import { Sender } from './sender.js' */
/** @import { Stream } from './stream.js' */

import { $, fieldOf } from '../shared/dom.js';
import { saySetting, settingSlider } from '../shared/setting-slider.js';
import { transportSettings } from '../transports/index.js';
import { PACES } from './options.js';

/** A slider's steps are not always those of what it sets: rates are felt in ratios. */
const RATES = [0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 35, 50, 100, 200];
const nearest = (/** @type {number} */ rate) => RATES.indexOf(RATES.findLast((each) => each <= rate) ?? RATES[0]);

/**
 * An option with a slider, whose steps may be other numbers.
 * @typedef {object} Scale
 * @property {string} name
 * @property {(value: number) => string} read
 * @property {(value: number) => number} [toSlider]
 * @property {(step: number) => number} [fromSlider]
 */

/** @type {Scale} */
const RATE = { name: 'rate', toSlider: nearest, fromSlider: (step) => RATES[step], read: (value) => `${value} / s` };

/** @param {{ options: Options, sender: Sender, stream: Stream, reset: () => void }} race */
export function offerControls({ options, sender, stream, reset }) {
  offerToSay(sender, stream);
  offerStream(stream);
  offerSlider(RATE, $('.stream .slider'), options);
  for (const setting of transportSettings) {
    const field = settingSlider(setting, setting.labelAmongAll);
    $('.polls').append(field);
    offerSlider(setting, field, options);
  }
  offerPace(options);
  $('#reset').addEventListener('click', reset);
}

/**
 * @param {Sender} sender
 * @param {Stream} stream
 */
function offerToSay(sender, stream) {
  const form = $('#say');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const box = fieldOf(form, 'body');
    const body = box.value.trim();
    if (body) sender.send(body);
    if (body && sender.isOffline) tell(`The sender is offline. Waiting: ${sender.waiting}.`);
    box.value = '';
    box.focus();
  });
  sender.addEventListener('failed', (event) => {
    tell(`Not sent: ${/** @type {CustomEvent} */ (event).detail.message}`);
  });
  sender.addEventListener('sent', () => tell(stream.why));
}

/** @param {Stream} stream */
function offerStream(stream) {
  const button = $('#stream');
  const show = () => {
    button.textContent = stream.isOn ? 'Stop stream' : 'Start stream';
    button.setAttribute('aria-pressed', String(stream.isOn));
    tell(stream.why);
  };
  button.addEventListener('click', () => stream.toggle());
  stream.addEventListener('change', show);
  show();
}

const same = (/** @type {number} */ value) => value;

/**
 * @param {Scale} scale
 * @param {HTMLElement} field
 * @param {Options} options
 */
function offerSlider({ name, read, toSlider = same, fromSlider = same }, field, options) {
  const slider = /** @type {HTMLInputElement} */ ($('input', field));
  const value = () => fromSlider(Number(slider.value));
  const show = () => saySetting(field, read(value()));
  slider.value = String(toSlider(options.values[name]));
  slider.addEventListener('input', show);
  slider.addEventListener('change', () => options.set({ [name]: value() }));
  show();
}

/** @param {Options} options */
function offerPace(options) {
  for (const pace of PACES) {
    const radio = /** @type {HTMLInputElement} */ ($(`#pace-${pace}`));
    radio.checked = options.pace === pace;
    radio.addEventListener('change', () => options.setPace(pace));
  }
}

/** @param {string} text */
function tell(text) {
  const place = $('#sender-says');
  if (place.textContent !== text) place.textContent = text;
}
