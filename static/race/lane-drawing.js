// Draws one lane: a small sequence diagram. Below is the browser, above is the server.
//
// A page cannot know how long each direction took, only when it sent and when it received. So all
// strokes slant by the same few pixels; exact is where a stroke meets the browser's edge.

/** @import { LaneDelivery, LaneExchange, LaneLog, LanePush, Outcome } from './lane-log.js' */

/**
 * Where a lane is: `top` the server's edge, `bottom` the browser's, `scale` how large the marks are.
 * @typedef {{ x: (time: number) => number, top: number, bottom: number, now: number, scale: number }} Area
 */

/**
 * Its colours, and its transport's marker.
 * @typedef {{ fill: string, strong: string, muted: string, danger: string, ground: string, shape: Path2D }} Look
 */

/** @typedef {{ context: CanvasRenderingContext2D, area: Area, look: Look }} Pen */

const SLANT = 4;
const BAR = 6;
const THIN = 1.25;
const THICK = 2;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {LaneLog} log
 * @param {Area} area
 * @param {Look} look
 */
export function drawLane(context, log, area, look) {
  const pen = { context, area, look };
  for (const delivery of log.deliveries) drawDelay(pen, delivery);
  for (const exchange of log.exchanges) drawExchange(pen, exchange);
  for (const push of log.pushes) drawPush(pen, push);
}

/**
 * From when a message was due to when it was received.
 * @param {Pen} pen
 * @param {LaneDelivery} delivery
 */
function drawDelay({ context, area, look }, { at, due }) {
  context.globalAlpha = 0.3;
  line(context, look.fill, 4 * area.scale, [[area.x(due), area.bottom], [area.x(at), area.bottom]]);
  context.globalAlpha = 1;
}

/**
 * @param {Pen} pen
 * @param {LaneExchange} exchange
 */
function drawExchange(pen, exchange) {
  const { openedAt } = exchange;
  if (openedAt !== undefined) drawStream(pen, exchange, openedAt);
  else drawPoll(pen, exchange);
}

/**
 * @param {Pen} pen
 * @param {LaneExchange} exchange
 */
function drawPoll({ context, area, look }, { at, endedAt, outcome, parks }) {
  const slant = SLANT * area.scale;
  const end = area.x(endedAt ?? area.now);
  // A response that comes at once leaves no room for two strokes: the first is left out.
  const foot = outcome ? Math.min(area.x(at), end - 2 * slant) : area.x(at);
  const left = foot + slant;
  const right = outcome === 'message' || outcome === 'empty' ? end - slant : end;
  line(context, look.muted, THIN * area.scale, [[foot, area.bottom], [left, area.top]]);
  if (right > left && parks) line(context, look.fill, BAR * area.scale, [[left, area.top], [right, area.top]]);
  else if (right > left) line(context, look.muted, THIN * area.scale, [[left, area.top], [right, area.top]]);
  if (outcome) drawEnd({ context, area, look }, outcome, right, end);
}

/**
 * @param {Pen} pen
 * @param {Outcome} outcome
 * @param {number} right
 * @param {number} end
 */
function drawEnd(pen, outcome, right, end) {
  const { context, area, look } = pen;
  if (outcome === 'message') return drawArrival(pen, right, end);
  if (outcome === 'failed') return drawCross(pen, end);
  if (outcome !== 'empty') return undefined;
  line(context, look.muted, THIN * area.scale, [[right, area.top], [end, area.bottom]]);
  return mark(pen, end, 9, { fill: look.ground, stroke: look.muted });
}

/**
 * @param {Pen} pen
 * @param {LaneExchange} exchange
 * @param {number} openedAt
 */
function drawStream(pen, { at, endedAt, outcome }, openedAt) {
  const { context, area, look } = pen;
  const left = area.x(at) + SLANT * area.scale;
  const open = Math.max(area.x(openedAt), left);
  const end = area.x(endedAt ?? area.now);
  line(context, look.muted, THIN * area.scale, [[area.x(at), area.bottom], [left, area.top]]);
  line(context, look.muted, THIN * area.scale, [[left, area.top], [open, area.top]]);
  line(context, look.strong, THICK * area.scale, [[open, area.top], [end, area.top]]);
  if (outcome === 'failed') drawCross(pen, end);
}

/**
 * @param {Pen} pen
 * @param {LanePush} push
 */
function drawPush(pen, { at, messages }) {
  if (messages > 0) drawArrival(pen, pen.area.x(at) - SLANT * pen.area.scale, pen.area.x(at));
}

/**
 * A message from the server, and its mark where it was received.
 * @param {Pen} pen
 * @param {number} from
 * @param {number} to
 */
function drawArrival(pen, from, to) {
  const { context, area, look } = pen;
  line(context, look.strong, THICK * area.scale, [[from, area.top], [to, area.bottom]]);
  mark(pen, to, 13, { fill: look.fill, stroke: look.strong });
}

/**
 * @param {Pen} pen
 * @param {number} x
 * @param {number} size
 * @param {{ fill: string, stroke: string }} colours
 */
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

/**
 * @param {Pen} pen
 * @param {number} x
 */
function drawCross({ context, area, look }, x) {
  const arm = 5 * area.scale;
  const [left, right, top, bottom] = [x - arm, x + arm, area.top - arm, area.top + arm];
  line(context, look.danger, THICK * area.scale, [[left, top], [right, bottom]]);
  line(context, look.danger, THICK * area.scale, [[left, bottom], [right, top]]);
}

/**
 * Every browser that runs this page has one.
 * @param {HTMLCanvasElement} canvas
 */
export const contextOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));

/**
 * A straight line, `width` pixels wide.
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} width
 * @param {[from: [number, number], to: [number, number]]} ends
 */
export function line(context, colour, width, [from, to]) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}
