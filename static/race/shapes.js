// The transports' markers as paths for a canvas, from the pictures that identities.js makes.

import { marker } from '../shared/identities.js';

/** The side of the square that the markers are drawn in. */
const SIDE = 16;

const number = (shape, name) => Number(shape.getAttribute(name));
const PATHS = {
  circle: (path, shape) => path.arc(number(shape, 'cx'), number(shape, 'cy'), number(shape, 'r'), 0, 2 * Math.PI),
  rect: (path, shape) => path.rect(...['x', 'y', 'width', 'height'].map((name) => number(shape, name))),
  path: (path, shape) => path.addPath(new Path2D(shape.getAttribute('d'))),
};

/** The marker of `slug` around (0, 0), one unit wide. */
export function shapeOf(slug) {
  const shape = marker(slug).lastElementChild;
  const drawn = new Path2D();
  PATHS[shape.tagName](drawn, shape);
  const path = new Path2D();
  path.addPath(drawn, new DOMMatrix().scale(1 / SIDE).translate(-SIDE / 2, -SIDE / 2));
  return path;
}
