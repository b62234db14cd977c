// One identity a transport: its name, colour and marker, as the server defines them.

import { getJson } from './api.js';

const SVG = 'http://www.w3.org/2000/svg';
const SHAPES = {
  circle: ['circle', { cx: 8, cy: 8, r: 6 }],
  triangle: ['path', { d: 'M8 1.8 14.6 13.6H1.4Z' }],
  square: ['rect', { x: 2.4, y: 2.4, width: 11.2, height: 11.2 }],
  diamond: ['path', { d: 'M8 .9 15.1 8 8 15.1 .9 8Z' }],
};

const known = new Map();

/** Asks the server once; afterwards `identity` and `identities` answer. */
export async function loadIdentities() {
  for (const each of await getJson('/transports.json')) known.set(each.slug, each);
}

export const identities = () => [...known.values()];

/** One that this page does not know yet (a newer server) still gets a name and a shape. */
export function identity(slug) {
  return known.get(slug) ?? { slug, name: slug, colour: '#777777', marker: 'circle' };
}

/** Gives `target` the colour as a custom property; CSS derives borders and readable text from it. */
export function colourWith(target, slug) {
  target.style.setProperty('--identity', identity(slug).colour);
  return target;
}

/** The marker as an inline picture; `label` names it for those who can't see it. */
export function marker(slug, { label = false } = {}) {
  const { name, marker: shape } = identity(slug);
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('viewBox', '0 0 16 16');
  picture.setAttribute('class', 'marker');
  picture.append(drawn(...(SHAPES[shape] ?? SHAPES.circle)));
  if (label) named(picture, name);
  else picture.setAttribute('aria-hidden', 'true');
  return colourWith(picture, slug);
}

function named(picture, name) {
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', name);
  picture.prepend(drawn('title', {}, name));
}

function drawn(tag, attributes, text = '') {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}
