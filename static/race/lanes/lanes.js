// The lanes: a canvas with one time axis for all transports. What it shows is what the lens looks at.

/** @import { Lens } from '../lens/lens.js' */
/** @import { Record } from '../record/record.js' */
/** @import { Pen } from './canvas-pen.js' */
/** @import { Look } from './look.js' */

import { $, element } from '../../shared/dom.js';
import { colourWith, identity } from '../../shared/identities.js';
import { marker, markerPath } from '../../shared/markers.js';
import { duration } from '../../shared/units.js';
import { ticks } from './axis.js';
import { CanvasPen, contextOf } from './canvas-pen.js';
import { drawCrowd, isCrowded } from './crowd.js';
import { drawLane } from './lane-drawing.js';
import { lookOf } from './look.js';

/** In the height of the text: below the lanes for the axis, and left of them for the names of their edges. */
const [AXIS, GUTTER] = [1.8, 4.6];
/** Room for the marks at the right. */
const MARGIN_PX = 10;
/** A picture each time that the lanes have moved so far looks smooth, and leaves the machine to the transports. */
const STEP_PX = 3;
const [FASTEST_MS, SLOWEST_MS, CALM_MS] = [33, 200, 500];
/** A message posted so long before may still be on its way. */
const LONGEST_POST_MS = 20_000;

/** @typedef {{ slug: string, label: HTMLElement, look: Look, shape: Path2D, isFaint: boolean }} Lane */

/** The size of a drawing, in CSS pixels, with its axis; and of its text. */
/** @typedef {{ width: number, height: number, textPx: number }} Size */

export class Lanes {
  #canvas;
  #labels;
  #lens;
  /** @type {Record | null} */
  #record = null;
  /** @type {Lane[]} */
  #lanes = [];
  #isCalm = matchMedia('(prefers-reduced-motion: reduce)');
  #ratio = 0; // of this screen's pixels, as the canvas was fitted to it
  #isStale = true;

  /**
   * @param {HTMLElement} root holds a canvas and the labels' list
   * @param {Lens} lens
   */
  constructor(root, lens) {
    this.#canvas = /** @type {HTMLCanvasElement} */ ($('canvas', root));
    this.#labels = $('.lane-labels', root);
    this.#lens = lens;
    new ResizeObserver(() => this.#fit()).observe(this.#canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#fit());
    lens.addEventListener('change', () => { this.#isStale = true; });
    this.#next();
  }

  /** @param {Record} record */
  show(record) {
    const slugs = [...record.lanes.keys()];
    const labels = slugs.map(labelOf);
    this.#labels.replaceChildren(...labels);
    this.#lanes = slugs.map((slug, index) => (
      { slug, label: labels[index], look: lookOf(labels[index]), shape: markerPath(slug), isFaint: false }));
    this.#record = record;
    this.#isStale = true;
  }

  /**
   * Lets the other lanes step back.
   * @param {string[]} slugs that are spoken of; none is all
   */
  speakOf(slugs) {
    for (const lane of this.#lanes) {
      lane.isFaint = slugs.length > 0 && !slugs.includes(lane.slug);
      lane.label.toggleAttribute('data-faint', lane.isFaint);
    }
    this.#isStale = true;
  }

  /** The transports from above, each with its colours. */
  get looks() { return this.#lanes.map(({ slug, look }) => ({ slug, look })); }

  /** In CSS pixels. */
  get size() { return { width: this.#canvas.clientWidth, height: this.#canvas.clientHeight, textPx: this.#lanes[0]?.look.textPx ?? 0 }; }

  /** Browsers call no animation frame of a hidden page, so there is nothing to do about those. */
  #next() {
    const wait = this.#isCalm.matches ? CALM_MS : this.#interval();
    setTimeout(() => requestAnimationFrame(() => this.#tick()), wait - 16);
  }

  #interval() {
    const { span, moves, factor } = this.#lens;
    if (!moves) return FASTEST_MS;
    const perPixel = (span * factor) / Math.max(1, this.#canvas.clientWidth);
    return Math.min(SLOWEST_MS, Math.max(FASTEST_MS, STEP_PX * perPixel));
  }

  #tick() {
    // A window that moves to another screen keeps its size.
    if (this.#ratio !== devicePixelRatio) this.#fit();
    else if (this.#isStale || this.#lens.moves) this.#draw();
    this.#next();
  }

  #fit() {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#ratio = devicePixelRatio;
    this.#canvas.width = Math.round(clientWidth * this.#ratio);
    this.#canvas.height = Math.round(clientHeight * this.#ratio);
    for (const lane of this.#lanes) lane.look = lookOf(lane.label);
    this.#labels.style.setProperty('--axis', `${this.size.textPx * AXIS}px`);
    this.#draw();
  }

  #draw() {
    this.#isStale = false;
    const { width, height } = this.size;
    if (!width || !this.#record) return;
    const context = contextOf(this.#canvas);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const scale = scaleOf(this.size, this.#lanes.length);
    const pens = this.#lanes.map(({ look, shape, isFaint }) => new CanvasPen(context, { look, shape, scale, isFaint }));
    const axis = new CanvasPen(context, { look: this.#lanes[0].look, shape: this.#lanes[0].shape, scale });
    drawLanes({ pens, axis }, this.#record, this.#lens, this.size);
    for (const pen of [...pens, axis]) pen.flush();
  }
}

/**
 * Draws all lanes and the axis, each with a pen of its own.
 * @param {{ pens: Pen[], axis: Pen }} drawn
 * @param {Record} record
 * @param {Lens} lens
 * @param {Size} size
 */
export function drawLanes({ pens, axis }, record, lens, size) {
  const { width, height, textPx } = size;
  const { span, end } = lens;
  const from = end - span;
  const [gutter, right, bed] = [textPx * GUTTER, width - MARGIN_PX, height - textPx * AXIS];
  const x = (/** @type {number} */ time) => right - ((end - time) / span) * (right - gutter);
  const sent = record.sent.filter(({ posted = 0 }) => posted > from - LONGEST_POST_MS && posted <= end);
  const room = bed / pens.length;
  for (const [index, log] of [...record.lanes.values()].entries()) {
    const [top, bottom] = [room * (index + 0.2), room * (index + 0.82)];
    const view = { x, from, end, top, bottom, scale: scaleOf(size, pens.length), oneWay: record.oneWay };
    drawEdges(pens[index], view, gutter, right);
    if (isCrowded(log, view, right - gutter)) drawCrowd(pens[index], log, view);
    else drawLane(pens[index], log, sent, view);
  }
  drawAxis(axis, { span, end, x, width: right - gutter, textPx, y: (bed + height) / 2, lens });
}

/**
 * @param {Pen} pen
 * @param {{ top: number, bottom: number }} view
 * @param {number} left
 * @param {number} right
 */
function drawEdges(pen, { top, bottom }, left, right) {
  for (const [name, y] of /** @type {[string, number][]} */ ([['server', top], ['browser', bottom]])) {
    pen.text(name, left - 6, y, 'right');
    pen.line('edge', left, y, right + MARGIN_PX, y);
  }
}

/**
 * @param {Pen} pen
 * @param {{ span: number, end: number, x: (time: number) => number, width: number, textPx: number, y: number, lens: Lens }} axis
 */
function drawAxis(pen, { span, end, x, width, textPx, y, lens }) {
  const endName = lens.isLive && lens.mode === 'following' ? 'now' : `${duration(Math.max(0, lens.isLive ? lens.behind : end))}${lens.isLive ? ' ago' : ''}`;
  for (const { at, text, isEnd } of ticks({ span, end, width, textPx, endName })) {
    pen.text(text, x(at) + (isEnd ? MARGIN_PX : 0), y, isEnd ? 'right' : 'center');
  }
}

/**
 * How large marks and strokes are, by the height that a lane has.
 * @param {Size} size
 * @param {number} count
 */
export const scaleOf = ({ width, height, textPx }, count) => (
  Math.min(2.4, width / 560, Math.max(0.75, (height - textPx * AXIS) / count / 56)));

/** @param {string} slug */
function labelOf(slug) {
  const { name } = identity(slug);
  return colourWith(element('li', {}, marker(slug), element('span', {}, name)), slug);
}
