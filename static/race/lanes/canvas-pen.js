// Draws lanes on a canvas. Strokes of one style are gathered and drawn at once: a canvas is slow by the
// stroke, not by the point.

/** @import { Look, StyleName } from './look.js' */

import { STYLES } from './look.js';

const FAINT = 0.25;

/** @typedef {'full' | 'empty'} Mark */

/** What lane-drawing.js draws with: canvas-pen.js and svg-pen.js are such. `size` and all places are in CSS pixels. */
/**
 * @typedef {object} Pen
 * @property {(style: StyleName, x1: number, y1: number, x2: number, y2: number) => void} line
 * @property {(mark: Mark, x: number, y: number, size: number) => void} mark
 * @property {(x: number, y: number, width: number, height: number, isFaint: boolean) => void} bar
 * @property {(text: string, x: number, y: number, align: CanvasTextAlign) => void} text
 */

/** @implements {Pen} */
export class CanvasPen {
  #context;
  #look;
  #shape;
  #scale;
  /** @type {Map<StyleName, number[]>} */
  #lines = new Map();
  /** @type {(() => void)[]} */
  #above = [];

  #alpha;

  /**
   * `shape` is the transport's marker, one unit wide; `scale` is of widths; a faint lane is not spoken of now.
   * @param {CanvasRenderingContext2D} context
   * @param {{ look: Look, shape: Path2D, scale: number, isFaint?: boolean }} options
   */
  constructor(context, { look, shape, scale, isFaint = false }) {
    this.#context = context;
    this.#look = look;
    this.#shape = shape;
    this.#scale = scale;
    this.#alpha = isFaint ? FAINT : 1;
  }

  /** @type {Pen['line']} */
  line(style, ...ends) {
    const lines = this.#lines.get(style);
    if (lines) lines.push(...ends);
    else this.#lines.set(style, ends);
  }

  /** @type {Pen['mark']} */
  mark(mark, x, y, size) {
    this.#above.push(() => this.#drawMark(mark, x, y, size));
  }

  /** @type {Pen['bar']} */
  bar(x, y, width, height, isFaint) {
    this.#context.globalAlpha = isFaint ? 0.45 : 1;
    this.#context.fillStyle = isFaint ? this.#look.muted : this.#look.fill;
    this.#context.fillRect(x, y, width, height);
    this.#context.globalAlpha = 1;
  }

  /** @type {Pen['text']} */
  text(text, x, y, align) {
    this.#above.push(() => {
      const context = this.#context;
      Object.assign(context, { font: this.#look.font, fillStyle: this.#look.muted, textAlign: align, textBaseline: 'middle' });
      context.fillText(text, x, y);
    });
  }

  /** Draws what was gathered. */
  flush() {
    for (const style of /** @type {StyleName[]} */ (Object.keys(STYLES))) this.#drawLines(style, this.#lines.get(style) ?? []);
    this.#context.globalAlpha = this.#alpha;
    for (const draw of this.#above) draw();
    this.#context.globalAlpha = 1;
    this.#lines.clear();
    this.#above = [];
  }

  /**
   * @param {StyleName} style
   * @param {number[]} ends
   */
  #drawLines(style, ends) {
    if (ends.length === 0) return;
    /** @type {import('./look.js').Style} */
    const { colour, width, dash = [], alpha = 1 } = STYLES[style];
    const context = this.#context;
    Object.assign(context, { strokeStyle: this.#look[colour], lineWidth: width * this.#scale, globalAlpha: alpha * this.#alpha });
    context.setLineDash(dash);
    context.beginPath();
    for (let at = 0; at < ends.length; at += 4) {
      context.moveTo(ends[at], ends[at + 1]);
      context.lineTo(ends[at + 2], ends[at + 3]);
    }
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  /** @type {Pen['mark']} */
  #drawMark(mark, x, y, size) {
    const context = this.#context;
    const side = size * this.#scale;
    context.save();
    context.translate(x, y);
    context.scale(side, side);
    context.lineWidth = 1.5 / size;
    context.fillStyle = mark === 'full' ? this.#look.fill : this.#look.ground;
    context.strokeStyle = mark === 'full' ? this.#look.strong : this.#look.muted;
    context.fill(this.#shape);
    context.stroke(this.#shape);
    context.restore();
  }
}

/**
 * Every browser that runs this page has one.
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export const contextOf = (canvas, settings) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', settings));
