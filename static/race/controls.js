// What one can do to the race: say something, let a stream run, change how the polls ask, reset.

import { $ } from '../shared/dom.js';
import { PACES } from './options.js';

/** A slider's steps are not always those of what it sets: rates are felt in ratios. */
const RATES = [0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20];
const nearest = (rate) => RATES.indexOf(RATES.findLast((each) => each <= rate) ?? RATES[0]);
const same = { toSlider: (value) => value, fromSlider: (value) => value };

const SLIDERS = [
  { name: 'rate', toSlider: nearest, fromSlider: (step) => RATES[step], read: (value) => `${value} / s` },
  { name: 'interval', ...same, read: (value) => `every ${value.toFixed(1)} s` },
  { name: 'wait', ...same, read: (value) => `up to ${value} s` },
];

export function offerControls({ options, sender, stream, reset }) {
  offerToSay(sender);
  offerStream(stream);
  for (const slider of SLIDERS) offerSlider(slider, options);
  offerPace(options);
  $('#reset').addEventListener('click', reset);
}

function offerToSay(sender) {
  const form = $('#say');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const box = form.elements.body;
    const body = box.value.trim();
    if (body) sender.send(body);
    box.value = '';
    box.focus();
  });
  sender.addEventListener('failed', ({ detail }) => tell(`Not sent: ${detail.message}`));
  sender.addEventListener('sent', () => tell(''));
}

function offerStream(stream) {
  const button = $('#stream');
  const show = () => {
    button.textContent = stream.isOn ? 'Stop stream' : 'Start stream';
    button.setAttribute('aria-pressed', String(stream.isOn));
    tell(stream.why);
  };
  button.addEventListener('click', () => (stream.isOn ? stream.stop() : stream.start()));
  stream.addEventListener('change', show);
  show();
}

function offerSlider({ name, toSlider, fromSlider, read }, options) {
  const slider = $(`#${name}`);
  const value = () => fromSlider(Number(slider.value));
  const show = () => {
    const text = read(value());
    $(`output[for=${name}]`).textContent = text;
    slider.setAttribute('aria-valuetext', text);
  };
  slider.value = toSlider(options[name]);
  slider.addEventListener('input', show);
  slider.addEventListener('change', () => options.change({ [name]: value() }));
  show();
}

function offerPace(options) {
  for (const pace of PACES) {
    const radio = $(`#pace-${pace}`);
    radio.checked = options.pace === pace;
    radio.addEventListener('change', () => options.change({ pace }));
  }
}

function tell(text) {
  const place = $('#sender-says');
  if (place.textContent !== text) place.textContent = text;
}
