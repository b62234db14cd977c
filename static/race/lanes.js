// The lanes: a canvas with one time axis for all transports, which scrolls with time.

/** @import { Look } from './lane-drawing.js' */
/** @import { LaneLog } from './lane-log.js' */

import { $, element } from '../shared/dom.js';
import { colourWith, identity } from '../shared/identities.js';
import { marker, markerPath } from '../shared/markers.js';
import { contextOf, drawLane, line } from './lane-drawing.js';

const SPAN_MS = 10_000;
const TICK_MS = 2000;
/** Where the canvas is narrower than this, every other label would run into the next. */
const NARROW_PX = 400;
/** The height below the lanes that the axis needs, as race.css leaves it free beside them. */
const AXIS_PX = 22;
/** Room for the marks right of "now". */
const MARGIN_PX = 10;
/** Thirty pictures a second look smooth at this pace, and leave the machine to the transports. */
const EVERY_MS = 33;
const CALM_EVERY_MS = 500;

/** @typedef {ReturnType<typeof lookOf> & Look} LaneLook */
/** @typedef {{ log: LaneLog, label: HTMLElement, shape: Path2D, look: LaneLook }} Lane */

/**
 * What is drawn on, now.
 * @typedef {object} Page
 * @property {CanvasRenderingContext2D} context
 * @property {(time: number) => number} x
 * @property {number} now
 * @property {number} width
 * @property {number} height
 */

export class Lanes {
  #canvas;
  /** @type {Lane[]} */
  #lanes;
  /** @type {number[]} */
  #sent = [];
  #isCalm = matchMedia('(prefers-reduced-motion: reduce)');
  #drawnAt = -Infinity;
  #ratio = 0; // of this screen's pixels, as the canvas was fitted to it
  #isOn = true;

  /**
   * @param {HTMLElement} root holds a canvas and the labels' list
   * @param {Map<string, LaneLog>} logs by slug
   */
  constructor(root, logs) {
    this.#canvas = /** @type {HTMLCanvasElement} */ ($('canvas', root));
    const labels = [...logs.keys()].map(label);
    $('.lane-labels', root).replaceChildren(...labels);
    this.#lanes = [...logs].map(([slug, log], index) => {
      const [label, shape] = [labels[index], markerPath(slug)];
      return { log, label, shape, look: { ...lookOf(label), shape } };
    });
    const size = () => this.#fit();
    new ResizeObserver(size).observe(this.#canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', size);
    this.#next();
  }

  /**
   * A message was due at this instant.
   * @param {number} at
   */
  sent(at) { this.#sent.push(at); }

  stop() { this.#isOn = false; }

  /** Browsers call no animation frame of a hidden page, so there is nothing to do about those. */
  #next() {
    if (!this.#isOn) return;
    if (this.#isCalm.matches) setTimeout(() => requestAnimationFrame(() => this.#tick()), CALM_EVERY_MS);
    else requestAnimationFrame(() => this.#tick());
  }

  #tick() {
    const now = performance.now();
    // A window that moves to another screen keeps its size.
    if (this.#ratio !== devicePixelRatio) this.#fit();
    else if (now - this.#drawnAt >= EVERY_MS - 4) this.#draw(now);
    this.#next();
  }

  #fit() {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#ratio = devicePixelRatio;
    this.#canvas.width = Math.round(clientWidth * this.#ratio);
    this.#canvas.height = Math.round(clientHeight * this.#ratio);
    for (const lane of this.#lanes) lane.look = { ...lookOf(lane.label), shape: lane.shape };
    this.#draw(performance.now());
  }

  /** @param {number} now */
  #draw(now) {
    this.#drawnAt = now;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (!width) return;
    const context = contextOf(this.#canvas);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const x = (/** @type {number} */ time) => width - MARGIN_PX - ((now - time) / SPAN_MS) * (width - MARGIN_PX);
    const page = { context, x, now, width, height: height - AXIS_PX };
    this.#drawSent(page);
    for (const [index, lane] of this.#lanes.entries()) drawOne(page, lane, index, this.#lanes.length);
    drawAxis(page, this.#lanes[0].look);
  }

  /** @param {Page} page */
  #drawSent({ context, x, now, height }) {
    this.#sent = this.#sent.filter((at) => at > now - SPAN_MS - TICK_MS);
    context.setLineDash([3, 3]);
    context.globalAlpha = 0.55;
    for (const at of this.#sent) line(context, this.#lanes[0].look.muted, 1, [[x(at), 0], [x(at), height]]);
    context.globalAlpha = 1;
    context.setLineDash([]);
  }
}

/**
 * @param {Page} page
 * @param {Lane} lane
 * @param {number} index
 * @param {number} count
 */
function drawOne({ context, x, now, width, height }, { log, look }, index, count) {
  const lane = height / count;
  const scale = Math.min(1.5, Math.max(0.8, lane / 52));
  const [top, bottom] = [lane * (index + 0.2), lane * (index + 0.8)];
  for (const edge of [top, bottom]) line(context, look.line, 1, [[0, edge], [width, edge]]);
  drawLane(context, log, { x, top, bottom, now, scale }, look);
}

/**
 * @param {Page} page
 * @param {LaneLook} look
 */
function drawAxis({ context, x, now, width, height }, { muted, font }) {
  const step = width < NARROW_PX ? 2 * TICK_MS : TICK_MS;
  context.fillStyle = muted;
  context.font = font;
  context.textBaseline = 'middle';
  for (let ago = 0; ago < SPAN_MS; ago += step) {
    context.textAlign = ago ? 'center' : 'right';
    const text = ago ? `−${ago / 1000} s` : 'now';
    context.fillText(text, x(now - ago) + (ago ? 0 : MARGIN_PX), height + AXIS_PX / 2);
  }
}

/** @param {string} slug */
function label(slug) {
  const { name } = identity(slug);
  return colourWith(element('li', {}, marker(slug), element('span', {}, name)), slug);
}

/**
 * The page's colours, which depend on whether it is dark.
 * @param {HTMLElement} label
 */
export function lookOf(label) {
  const style = getComputedStyle(label);
  const [muted, danger, ground, edge] = ['--muted', '--danger', '--surface', '--line']
    .map((name) => style.getPropertyValue(name));
  const font = `${Number.parseFloat(style.fontSize) * 0.85}px ${style.fontFamily}`;
  return { fill: style.getPropertyValue('--identity'), strong: style.color, muted, danger, ground, line: edge, font };
}
