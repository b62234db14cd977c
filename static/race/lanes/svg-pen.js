// Draws lanes as an SVG: for a sheet of coursework, at any size.

/** @import { Pen } from './canvas-pen.js' */
/** @import { Look, Style, StyleName } from './look.js' */

import { markerShape } from '../../shared/markers.js';
import { svg } from '../../shared/svg.js';
import { STYLES } from './look.js';

/** The square that a marker's outline is drawn in. */
const SIDE = 16;

/** @type {Record<string, string>} */
const ANCHORS = { left: 'start', center: 'middle', right: 'end' };

/** @implements {Pen} */
export class SvgPen {
  root = svg('g');
  #look;
  #slug;
  #scale;

  /**
   * @param {string} slug
   * @param {Look} look
   * @param {number} scale
   */
  constructor(slug, look, scale) {
    this.#slug = slug;
    this.#look = look;
    this.#scale = scale;
  }

  /** @param {StyleName} name @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
  line(name, x1, y1, x2, y2) {
    /** @type {Style} */
    const { colour, width, dash = [], alpha = 1 } = STYLES[name];
    this.root.append(svg('line', {
      ...places({ x1, y1, x2, y2 }), stroke: this.#look[colour], 'stroke-width': width * this.#scale,
      'stroke-dasharray': dash.join(' '), 'stroke-opacity': alpha,
    }));
  }

  /** @type {Pen['mark']} */
  mark(mark, x, y, size) {
    const scale = (size * this.#scale) / SIDE;
    const [fill, stroke] = mark === 'full' ? [this.#look.fill, this.#look.strong] : [this.#look.ground, this.#look.muted];
    const transform = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${scale.toFixed(3)}) translate(-8 -8)`;
    this.root.append(svg('path', { d: markerShape(this.#slug), transform, fill, stroke, 'stroke-width': 1.5 / scale }));
  }

  /** @type {Pen['bar']} */
  bar(x, y, width, height, isFaint) {
    const fill = isFaint ? this.#look.muted : this.#look.fill;
    this.root.append(svg('rect', { ...places({ x, y, width, height }), fill, 'fill-opacity': isFaint ? 0.45 : 1 }));
  }

  /** @type {Pen['text']} */
  text(text, x, y, align) {
    const anchor = ANCHORS[align] ?? 'start';
    this.root.append(svg('text', { ...places({ x, y: y + 4 }), 'text-anchor': anchor, fill: this.#look.muted }, text));
  }
}

/**
 * Tenths of a pixel are enough.
 * @param {Record<string, number>} all
 */
const places = (all) => Object.fromEntries(Object.entries(all).map(([name, value]) => [name, value.toFixed(1)]));
