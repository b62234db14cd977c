// Draws one lane: a small sequence diagram. Below is the browser, above is the server.
//
// A page can't know how long a way took, only when it asked and when it heard; so all ways slant
// by the same few pixels, and what is exact is where a line stands on the browser's edge.

const SLANT = 4;
const BAR = 6;
const THIN = 1.25;
const THICK = 2;

/**
 * `area` is { x(time), top, bottom, now, scale }: `top` the server's edge, `bottom` the browser's,
 * `scale` how large the marks are. `look` is { fill, strong, muted, danger, shape }.
 */
export function drawLane(context, log, area, look) {
  const pen = { context, area, look };
  for (const delivery of log.deliveries) drawDelay(pen, delivery);
  for (const exchange of log.exchanges) drawExchange(pen, exchange);
  for (const push of log.pushes) drawPush(pen, push);
}

/** From when the message was due to when it was here. */
function drawDelay({ context, area, look }, { at, due }) {
  context.globalAlpha = 0.3;
  line(context, look.fill, 4 * area.scale, [[area.x(due), area.bottom], [area.x(at), area.bottom]]);
  context.globalAlpha = 1;
}

function drawExchange(pen, exchange) {
  if (exchange.openedAt !== undefined) drawStream(pen, exchange);
  else drawPoll(pen, exchange);
}

function drawPoll({ context, area, look }, { at, endedAt, outcome, parks }) {
  const slant = SLANT * area.scale;
  const end = area.x(endedAt ?? area.now);
  // An answer that comes at once leaves no room for two lines: the first gives way.
  const foot = outcome ? Math.min(area.x(at), end - 2 * slant) : area.x(at);
  const left = foot + slant;
  const right = outcome === 'message' || outcome === 'empty' ? end - slant : end;
  line(context, look.muted, THIN * area.scale, [[foot, area.bottom], [left, area.top]]);
  if (right > left && parks) line(context, look.fill, BAR * area.scale, [[left, area.top], [right, area.top]]);
  else if (right > left) line(context, look.muted, THIN * area.scale, [[left, area.top], [right, area.top]]);
  if (outcome) drawEnd({ context, area, look }, outcome, right, end);
}

function drawEnd(pen, outcome, right, end) {
  const { context, area, look } = pen;
  if (outcome === 'message') return drawArrival(pen, right, end);
  if (outcome === 'failed') return drawCross(pen, end);
  if (outcome !== 'empty') return undefined;
  line(context, look.muted, THIN * area.scale, [[right, area.top], [end, area.bottom]]);
  return mark(pen, end, 9, { fill: look.ground, stroke: look.muted });
}

function drawStream(pen, { at, openedAt, endedAt, outcome }) {
  const { context, area, look } = pen;
  const left = area.x(at) + SLANT * area.scale;
  const open = Math.max(area.x(openedAt), left);
  const end = area.x(endedAt ?? area.now);
  line(context, look.muted, THIN * area.scale, [[area.x(at), area.bottom], [left, area.top]]);
  line(context, look.muted, THIN * area.scale, [[left, area.top], [open, area.top]]);
  line(context, look.strong, THICK * area.scale, [[open, area.top], [end, area.top]]);
  if (outcome === 'failed') drawCross(pen, end);
}

function drawPush(pen, { at, messages }) {
  if (messages > 0) drawArrival(pen, pen.area.x(at) - SLANT * pen.area.scale, pen.area.x(at));
}

/** A message's way down, and its mark where it has come. */
function drawArrival(pen, from, to) {
  const { context, area, look } = pen;
  line(context, look.strong, THICK * area.scale, [[from, area.top], [to, area.bottom]]);
  mark(pen, to, 13, { fill: look.fill, stroke: look.strong });
}

function mark({ context, area, look }, x, size, { fill, stroke }) {
  context.save();
  context.translate(x, area.bottom);
  context.scale(size * area.scale, size * area.scale);
  context.lineWidth = 1.5 / size;
  context.fillStyle = fill;
  context.strokeStyle = stroke;
  context.fill(look.shape);
  context.stroke(look.shape);
  context.restore();
}

function drawCross({ context, area, look }, x) {
  const arm = 5 * area.scale;
  const ends = [[-arm, -arm], [arm, arm], [-arm, arm], [arm, -arm]].map(([dx, dy]) => [x + dx, area.top + dy]);
  line(context, look.danger, THICK * area.scale, ends.slice(0, 2));
  line(context, look.danger, THICK * area.scale, ends.slice(2));
}

/** A straight line, `width` pixels wide. */
export function line(context, colour, width, [from, to]) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}
