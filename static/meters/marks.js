// The transports' markers on a canvas: the shapes of identities.js.

const SHAPES = {
  circle: (path, r) => path.arc(0, 0, r, 0, 2 * Math.PI),
  triangle: (path, r) => polygon(path, [[0, -r], [1.1 * r, 0.9 * r], [-1.1 * r, 0.9 * r]]),
  square: (path, r) => path.rect(-0.9 * r, -0.9 * r, 1.8 * r, 1.8 * r),
  diamond: (path, r) => polygon(path, [[0, -1.2 * r], [1.2 * r, 0], [0, 1.2 * r], [-1.2 * r, 0]]),
};

/** Draws `identity`'s marker at x, y in the canvas's own pixels. */
export function drawMarker(ctx, { marker, colour }, x, y, radius) {
  const path = new Path2D();
  (SHAPES[marker] ?? SHAPES.circle)(path, radius);
  ctx.save();
  ctx.translate(x, y);
  ctx.fillStyle = colour;
  ctx.fill(path);
  ctx.restore();
}

function polygon(path, points) {
  points.forEach(([x, y], index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
  path.closePath();
}
