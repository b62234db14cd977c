// The lanes while they follow what happens: tiles of a fixed width in a strip that the browser's compositor moves. A
// tile is drawn when something in its span changes, and else only moved: drawing all of it for each picture would take
// most of the page's processor time. What is open is drawn ahead, and hidden until its time.

/** @import { Bed } from './lanes.js' */
/** @import { View } from './lane-drawing.js' */

import { element } from '../../shared/dom.js';
import { contextOf } from './canvas-pen.js';

const COUNT = 8;
/** Tiles are there before they come into sight. */
const AHEAD_MS = 1500;
/** Marks and counts reach so far beyond their instant, in the height of the text. */
const MARK = 5;
/** The compositor moves it for so long by itself. */
const MOVED_FOR_MS = 10_000;
/** And is told to go on so long before: it is not always drawn at the very end. */
const RENEWED_MS = 1500;

/** @typedef {(context: CanvasRenderingContext2D, part: Pick<View, 'x' | 'from' | 'end'>) => void} Paint */
/** `end` is performance.now(); the strip is moved each `stepMs`. */
/** @typedef {{ bed: Bed, ratio: number, ground: string, span: number, end: number, stepMs: number }} Drawn */
/** @typedef {{ canvas: HTMLCanvasElement, isStale: boolean }} Tile */

export class Strip {
  root = element('div', { className: 'strip' });
  #moved = element('div', { className: 'strip-moved' });
  /** @type {Map<number, Tile>} */
  #tiles = new Map();
  #tileMs = 1;
  #marginMs = 0;
  #changedFrom = Number.POSITIVE_INFINITY;
  /** @type {Animation | null} */
  #motion = null;
  #movedUntil = -Infinity; // performance.now()

  constructor() {
    this.root.append(this.#moved);
  }

  clear() {
    this.#tiles.clear();
    this.#moved.replaceChildren();
    this.#motion?.cancel();
    this.#movedUntil = -Infinity;
  }

  /**
   * What happened from then on has changed.
   * @param {number} from
   */
  change(from) { this.#changedFrom = Math.min(this.#changedFrom, from); }

  /**
   * Moves all to where it is at `end`, and draws what has changed.
   * @param {Drawn} drawn
   * @param {Paint} paint
   */
  show(drawn, paint) {
    const { bed, ratio, span } = drawn;
    const pixelMs = span / (bed.width * ratio);
    const tilePx = Math.ceil((bed.width * ratio) / COUNT);
    this.#tileMs = tilePx * pixelMs;
    this.#marginMs = MARK * bed.textPx * ratio * pixelMs;
    this.#draw(drawn, { pixelMs, tilePx }, paint);
    if (drawn.end > this.#movedUntil - RENEWED_MS) this.#move(drawn, pixelMs);
  }

  /**
   * In steps, since each that the compositor makes is a picture, and of whole pixels of the screen, so that a tile is
   * moved and not blurred.
   * @param {Drawn} drawn
   * @param {number} pixelMs
   */
  #move({ bed, ratio, end, stepMs }, pixelMs) {
    const stepPx = Math.max(1, Math.round(stepMs / pixelMs));
    const steps = Math.max(1, Math.round(MOVED_FOR_MS / (stepPx * pixelMs)));
    const first = Math.round(bed.width * ratio) - Math.floor(end / pixelMs);
    const transform = [first, first - steps * stepPx].map((place) => `translateX(${place / ratio}px)`);
    const duration = steps * stepPx * pixelMs;
    const before = this.#motion;
    this.#motion = this.#moved.animate({ transform }, { duration, easing: `steps(${steps})`, fill: 'forwards' });
    const begin = Math.floor(end / pixelMs) * pixelMs;
    this.#motion.startTime = begin;
    this.#movedUntil = begin + duration;
    before?.cancel();
  }

  /**
   * @param {Drawn} drawn
   * @param {{ pixelMs: number, tilePx: number }} grid
   * @param {Paint} paint
   */
  #draw(drawn, grid, paint) {
    const { span, end } = drawn;
    const [first, last] = [Math.floor((end - span) / this.#tileMs), Math.floor((end + AHEAD_MS + this.#marginMs) / this.#tileMs)];
    for (const index of this.#tiles.keys()) {
      if (index < first) this.#drop(index);
    }
    for (let index = first; index <= last; index += 1) {
      const tile = this.#tiles.get(index) ?? this.#make(index, drawn, grid);
      const hasChanged = (index + 1) * this.#tileMs > this.#changedFrom - this.#marginMs;
      if (tile.isStale || hasChanged) this.#paint(tile, index, drawn, grid.pixelMs, paint);
    }
    this.#changedFrom = Number.POSITIVE_INFINITY;
  }

  /** @param {number} index */
  #drop(index) {
    this.#tiles.get(index)?.canvas.remove();
    this.#tiles.delete(index);
  }

  /**
   * @param {number} index
   * @param {Drawn} drawn
   * @param {{ tilePx: number }} grid
   * @returns {Tile}
   */
  #make(index, { bed, ratio }, { tilePx }) {
    const canvas = element('canvas', { width: tilePx, height: Math.round(bed.bottom * ratio) });
    Object.assign(canvas.style, { left: `${(index * tilePx) / ratio}px`, width: `${tilePx / ratio}px`, height: `${bed.bottom}px` });
    this.#moved.append(canvas);
    const tile = { canvas, isStale: true };
    this.#tiles.set(index, tile);
    return tile;
  }

  /**
   * @param {Tile} tile
   * @param {number} index
   * @param {Drawn} drawn
   * @param {number} pixelMs
   * @param {Paint} paint
   */
  #paint(tile, index, { ratio, ground, end }, pixelMs, paint) {
    tile.isStale = false;
    const context = contextOf(tile.canvas, { alpha: false });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = ground;
    context.fillRect(0, 0, tile.canvas.width, tile.canvas.height);
    const begin = index * this.#tileMs;
    const x = (/** @type {number} */ time) => (time - begin) / pixelMs / ratio;
    paint(context, { x, from: begin - this.#marginMs, end: Math.max(end, begin + this.#tileMs + this.#marginMs) });
  }
}
