// The transports' markers: the one definition of each shape, as a picture or as a path for a canvas.

import { colourWith, identities, identity } from './identities.js';
import { svg } from './svg.js';

/** The side of the square that a shape is drawn in. */
const SIDE = 16;
/** @type {Record<string, string>} */
const SHAPES = {
  circle: 'M14 8A6 6 0 1 1 2 8 6 6 0 1 1 14 8Z',
  triangle: 'M8 1.8 14.6 13.6H1.4Z',
  square: 'M2.4 2.4H13.6V13.6H2.4Z',
  diamond: 'M8 .9 15.1 8 8 15.1 .9 8Z',
};

/** The outline, in a square of 16 by 16. One that this page does not know yet (a newer server) is a circle. */
export const markerShape = (/** @type {string} */ slug) => SHAPES[identity(slug).marker] ?? SHAPES.circle;

/**
 * The marker as an inline picture; `label` names it for those who can't see it.
 * @param {string} slug
 */
export function marker(slug, { label = false } = {}) {
  const picture = pictureOf(svg('path', { d: markerShape(slug) }));
  return colourWith(label ? named(picture, identity(slug).name) : hidden(picture), slug);
}

/** All markers in one picture, side by side and smaller. */
export function allMarkers() {
  const columns = Math.ceil(Math.sqrt(identities().length));
  const shapes = identities().map(({ slug }, place) => {
    const [x, y] = [place % columns, Math.floor(place / columns)].map((at) => (at * SIDE) / columns);
    return svg('path', { d: markerShape(slug), transform: `translate(${x} ${y}) scale(${1 / columns})` });
  });
  return hidden(pictureOf(...shapes));
}

/**
 * The marker for a canvas: around (0, 0), one unit wide.
 * @param {string} slug
 */
export function markerPath(slug) {
  const shape = markerShape(slug);
  const path = paths.get(shape) ?? pathOf(shape);
  paths.set(shape, path);
  return path;
}

/** @type {Map<string, Path2D>} */
const paths = new Map(); // by shape: a chart draws hundreds

/** @param {string} shape */
function pathOf(shape) {
  const path = new Path2D();
  path.addPath(new Path2D(shape), new DOMMatrix().scale(1 / SIDE).translate(-SIDE / 2, -SIDE / 2));
  return path;
}

/** @type {(...shapes: SVGElement[]) => SVGElement} */
const pictureOf = (...shapes) => svg('svg', { viewBox: `0 0 ${SIDE} ${SIDE}`, class: 'marker' }, ...shapes);

/** @param {SVGElement} picture */
function hidden(picture) {
  picture.setAttribute('aria-hidden', 'true');
  return picture;
}

/**
 * @param {SVGElement} picture
 * @param {string} name
 */
function named(picture, name) {
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', name);
  picture.prepend(svg('title', {}, name));
  return picture;
}
