// The lanes: a canvas with one time axis for all transports. What it shows is what the lens looks at.

/** @import { Lens } from '../lens/lens.js' */
/** @import { Record } from '../record/record.js' */
/** @import { Pen } from './canvas-pen.js' */
/** @import { Crowd } from './crowd.js' */
/** @import { View } from './lane-drawing.js' */
/** @import { Look } from './look.js' */

import { $, element } from '../../shared/dom.js';
import { colourWith, identity } from '../../shared/identities.js';
import { marker, markerPath } from '../../shared/markers.js';
import { duration } from '../../shared/units.js';
import { ticks } from './axis.js';
import { CanvasPen, contextOf } from './canvas-pen.js';
import { crowdNote, crowdOf, drawCrowd } from './crowd.js';
import { drawLane } from './lane-drawing.js';
import { lookOf } from './look.js';
import { Strip } from './strip.js';
import { drawTears, nameTears } from './tear.js';

/** In the height of the text: below the lanes for the axis, and left of them for the names of their edges. */
const [AXIS, GUTTER] = [1.8, 4.6];
/** Room for the marks at the right. */
const MARGIN_PX = 10;
/** How often what is played is drawn. */
const PLAYED_MS = 33;
/** How often what follows is drawn, where something has changed and where nothing has; in between it is moved. */
const [FOLLOWED_MS, UNCHANGED_MS] = [240, 1000];
/** Of what is shown in less, each picture is drawn. */
const NARROW_MS = 2000;
/** How often one looks whether something has. */
const LOOKED_MS = 60;
const MOVED_MS = 48;
const CALM_MS = 500;
/** A timer waits for about one frame of the screen less than what is wanted. */
const FRAME_MS = 16;
/** A message posted so long before may still be on its way. */
const LONGEST_POST_MS = 20_000;

/** @typedef {{ slug: string, label: HTMLElement, look: Look, shape: Path2D, isFaint: boolean }} Lane */

/** The size of a drawing, in CSS pixels, with its axis; and of its text; and the count of lanes. */
/** @typedef {{ width: number, height: number, textPx: number, count: number }} Size */

export class Lanes {
  #canvas;
  #labels;
  #lens;
  /** @type {Record | null} */
  #record = null;
  /** @type {Lane[]} */
  #lanes = [];
  /** @type {Size} */
  #size = { width: 0, height: 0, textPx: 0, count: 0 };
  #isCalm = matchMedia('(prefers-reduced-motion: reduce)');
  #ratio = 0; // of this screen's pixels, as the canvas was fitted to it
  #isStale = true;
  #drawnAt = -Infinity;
  #strip = new Strip();
  #crowds = '[]';

  /**
   * @param {HTMLElement} root holds a canvas and the labels' list
   * @param {Lens} lens
   */
  constructor(root, lens) {
    this.#canvas = /** @type {HTMLCanvasElement} */ ($('canvas', root));
    this.#labels = $('.lane-labels', root);
    this.#canvas.after(this.#strip.root);
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
    this.#crowds = '';
    this.#fit();
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
  get size() { return this.#size; }

  /** Browsers call no animation frame of a hidden page, so there is nothing to do about those. */
  #next() {
    setTimeout(() => {
      if (this.#isDue) requestAnimationFrame(() => this.#tick());
      else this.#next();
    }, this.#wait);
  }

  get #wait() {
    if (this.#isCalm.matches) return CALM_MS;
    return this.#isFollowing && !this.#isStale ? LOOKED_MS : PLAYED_MS - FRAME_MS;
  }

  /** What follows is drawn at once when something happens after a while, and then not too often. */
  get #isDue() {
    if (this.#isStale || this.#ratio !== devicePixelRatio) return true;
    if (!this.#isFollowing) return this.#lens.moves;
    const since = performance.now() - this.#drawnAt;
    return since >= (this.#record?.hasChanged ? FOLLOWED_MS : UNCHANGED_MS);
  }

  /** A narrow span would need more of the strip than is seen. */
  get #isFollowing() { return this.#lens.isLive && this.#lens.mode === 'following' && this.#lens.span >= NARROW_MS; }

  #tick() {
    // A window that moves to another screen keeps its size.
    if (this.#ratio !== devicePixelRatio) this.#fit();
    else this.#draw();
    this.#next();
  }

  #fit() {
    const { clientWidth, clientHeight } = this.#canvas;
    for (const lane of this.#lanes) lane.look = lookOf(lane.label);
    const textPx = this.#lanes[0]?.look.textPx ?? 0;
    this.#size = { width: clientWidth, height: clientHeight, textPx, count: this.#lanes.length };
    this.#ratio = devicePixelRatio;
    this.#canvas.width = Math.round(clientWidth * this.#ratio);
    this.#canvas.height = Math.round(clientHeight * this.#ratio);
    this.#isStale = true;
    this.#labels.style.setProperty('--axis', `${this.size.textPx * AXIS}px`);
    this.#draw();
  }

  #draw() {
    const { size } = this;
    const isStale = this.#isStale;
    this.#isStale = false;
    if (!size.width || !this.#record) return;
    const isFollowing = this.#isFollowing;
    this.#drawnAt = performance.now();
    const bed = bedOf(size);
    if (isStale || !isFollowing) this.#drawAround(bed);
    this.#strip.root.hidden = !isFollowing;
    if (isFollowing) this.#drawFollowing(bed, this.#record);
    else this.#drawStill(bed, this.#record);
  }

  /**
   * What time does not move.
   * @param {Bed} bed
   */
  #drawAround(bed) {
    this.#strip.clear();
    const { style } = this.#strip.root;
    Object.assign(style, { left: `${bed.left}px`, width: `${bed.width + MARGIN_PX}px`, height: `${bed.bottom}px` });
    const context = contextOf(this.#canvas, { alpha: false });
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.fillStyle = this.#ground;
    context.fillRect(0, 0, this.#size.width, bed.height);
    const pen = new CanvasPen(context, { ...this.#lanes[0], isFaint: false, scale: 1 });
    drawAround(pen, this.#lens, bed);
    pen.flush();
  }

  get #ground() { return this.#lanes[0].look.ground; }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Bed} bed
   */
  #pens(context, { scale }) {
    return this.#lanes.map(({ look, shape, isFaint }) => new CanvasPen(context, { look, shape, scale, isFaint }));
  }

  /**
   * @param {Bed} bed
   * @param {Record} record
   */
  #drawStill(bed, record) {
    const pens = this.#pens(contextOf(this.#canvas), bed);
    this.#crowdsAnew(drawBed(pens, record, this.#lens, bed));
    for (const pen of pens) pen.flush();
  }

  /**
   * @param {Bed} bed
   * @param {Record} record
   */
  #drawFollowing(bed, record) {
    const { span, end } = this.#lens;
    this.#strip.change(record.takeChanges());
    const drawn = { bed, ratio: this.#ratio, ground: this.#ground, span, end, stepMs: this.#isCalm.matches ? CALM_MS : MOVED_MS };
    const crowds = crowdsOf(record, end - span, end, bed);
    if (this.#crowdsAnew(crowds)) this.#strip.clear();
    this.#strip.show(drawn, (context, part) => {
      const pens = this.#pens(context, bed);
      drawSpan(pens, record, bed, { ...part, crowds });
      for (const pen of pens) pen.flush();
    });
  }

  /**
   * Whether other lanes are crowded than before, or to another height.
   * @param {Map<string, Crowd>} crowds
   */
  #crowdsAnew(crowds) {
    const said = JSON.stringify([...crowds]);
    const isAnew = said !== this.#crowds;
    this.#crowds = said;
    if (isAnew) {
      for (const { slug, label } of this.#lanes) $('small', label).textContent = crowdNote(crowds.get(slug));
    }
    return isAnew;
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
  const bed = bedOf(size);
  drawBed(pens, record, lens, bed);
  drawAround(axis, lens, bed);
}

/**
 * Returns how crowded lanes were drawn.
 * @param {Pen[]} pens
 * @param {Record} record
 * @param {Lens} lens
 * @param {Bed} bed
 */
function drawBed(pens, record, lens, bed) {
  const { span, end } = lens;
  const x = (/** @type {number} */ time) => bed.right - ((end - time) / span) * bed.width;
  const crowds = crowdsOf(record, end - span, end, bed);
  drawSpan(pens, record, bed, { x, from: end - span, end, crowds });
  return crowds;
}

/**
 * What happened in a span of time, of which `x` gives the places.
 * @param {Pen[]} pens
 * @param {Record} record
 * @param {Bed} bed
 * @param {Span} span
 */
function drawSpan(pens, record, bed, span) {
  const sent = record.sentWithin(span.from - LONGEST_POST_MS, span.end);
  for (const [index, [slug, log]] of [...record.lanes].entries()) {
    const crowd = span.crowds.get(slug);
    const view = { ...span, ...edgesOf(bed, index, pens.length), scale: bed.scale, oneWay: (/** @type {number} */ at) => record.oneWayAt(at) };
    for (const y of [view.top, view.bottom]) pens[index].line('edge', view.x(view.from), y, view.x(view.end) + MARGIN_PX, y);
    if (crowd) drawCrowd(pens[index], log, view, crowd);
    else drawLane(pens[index], log, sent, view);
    drawTears(pens[index], record.changes, view);
    if (index === 0) nameTears(pens[index], record.changes, view, bed.textPx);
  }
}

/**
 * The lanes in which strokes would run into one another, and how they are drawn instead.
 * @param {Record} record
 * @param {number} from
 * @param {number} end
 * @param {Bed} bed
 */
function crowdsOf(record, from, end, bed) {
  /** @type {Map<string, Crowd>} */
  const found = new Map();
  for (const [slug, log] of record.lanes) {
    const crowd = crowdOf(log, from, end, bed.width);
    if (crowd) found.set(slug, crowd);
  }
  return found;
}

/**
 * The names of the edges, and the axis.
 * @param {Pen} pen
 * @param {Lens} lens
 * @param {Bed} bed
 */
function drawAround(pen, lens, bed) {
  for (let index = 0; index < bed.count; index += 1) {
    const { top, bottom } = edgesOf(bed, index, bed.count);
    pen.text('server', bed.left - 6, top, 'right');
    pen.text('browser', bed.left - 6, bottom, 'right');
  }
  const y = (bed.bottom + bed.height) / 2;
  for (const { ago, text } of ticks({ span: lens.span, width: bed.width, textPx: bed.textPx, endName: endName(lens) })) {
    const x = bed.right - (ago / lens.span) * bed.width;
    pen.text(text, ago ? x : x + MARGIN_PX, y, ago ? 'center' : 'right');
  }
}

/** @typedef {Pick<View, 'x' | 'from' | 'end'> & { crowds: Map<string, Crowd> }} Span */

/**
 * Where things are, in CSS pixels.
 * @typedef {ReturnType<typeof bedOf>} Bed
 */

/** @param {Size} size */
function bedOf({ width, height, textPx, count }) {
  const [left, right, bottom] = [Math.round(textPx * GUTTER), width - MARGIN_PX, height - textPx * AXIS];
  return { left, right, bottom, height, width: right - left, textPx, count, scale: scaleOf({ width, height, textPx, count }) };
}

/**
 * @param {Bed} bed
 * @param {number} index
 * @param {number} count
 */
const edgesOf = ({ bottom }, index, count) => ({ top: (bottom / count) * (index + 0.2), bottom: (bottom / count) * (index + 0.82) });

/** @param {Lens} lens */
function endName({ isLive, mode, behind, end }) {
  if (!isLive) return duration(Math.max(0, end));
  return mode === 'following' ? 'now' : `${duration(behind)} ago`;
}

/**
 * How large marks and strokes are, by the room that a lane has.
 * @param {Size} size
 */
export const scaleOf = ({ width, height, textPx, count }) => (
  Math.min(2.4, Math.max(0.7, Math.min(width / 560, (height - textPx * AXIS) / count / 56))));

/** @param {string} slug */
function labelOf(slug) {
  const { name } = identity(slug);
  return colourWith(element('li', {}, marker(slug), element('span', {}, name, element('small'))), slug);
}
