// The cost plane: mean delay across, bytes a message up, both logarithmic. For each transport its guess, what
// theory predicts and what was measured; for short polling the whole curve of what its pause may be.

/** @import { Guesses } from './guesses.js' */
/** @import { Scale } from '../../shared/logarithmic.js' */

import { colourWith, identity } from '../../shared/identities.js';
import { logarithmic } from '../../shared/logarithmic.js';
import { markerShape } from '../../shared/markers.js';
import { svg } from '../../shared/svg.js';
import { bytes, duration } from '../../shared/units.js';
import { transports } from '../../transports/index.js';

/** @typedef {{ delay?: number, bytes?: number }} Place */
/** @typedef {{ transport: string, delayMs: number, bytes: number }} ClassGuess */

/** @type {[number, number]} */
const DELAYS = [1, 10_000];
/** @type {[number, number]} */
const BYTES = [50, 50_000];
const [LEFT, RIGHT, TOP, BOTTOM] = [58, 14, 12, 40];
/** The transport whose setting moves it along a curve. */
export const CURVED = [...transports.values()].find(({ isPoll, parks }) => isPoll && !parks)?.slug ?? '';
/** Where guesses lie before they are made: in the order of the transports. */
const NOT_GUESSED = { delay: 30, bytes: 200, ratio: 3 };

/** @typedef {'guess' | 'theory' | 'measured'} Kind */
/** @type {Record<Kind, number>} */
const SIZES = { guess: 20, theory: 15, measured: 17 };

export class Plane {
  root = svg('svg', { class: 'plane', role: 'img' });
  #slugs;
  #guesses;
  /** @type {Scale} */
  #x = logarithmic(DELAYS, [0, 1]);
  /** @type {Scale} */
  #y = logarithmic(BYTES, [1, 0]);
  #back = svg('g', { class: 'axes' });
  #curve = svg('polyline', { class: 'curve' });
  #class = svg('g', { class: 'class-guesses' });
  #points;
  /** @type {Map<string, Map<Kind, Place>>} */
  #places = new Map();
  /** @type {Place[]} */
  #way = [];
  /** @type {ClassGuess[]} */
  #ofClass = [];

  /**
   * @param {string[]} slugs
   * @param {Guesses} guesses
   */
  constructor(slugs, guesses) {
    this.#slugs = slugs;
    this.#guesses = guesses;
    this.#points = new Map(slugs.map((slug) => [slug, this.#pointsOf(slug)]));
    const all = slugs.flatMap((slug) => [...(this.#points.get(slug)?.values() ?? [])]);
    colourWith(this.#curve, CURVED);
    this.root.append(this.#back, this.#curve, this.#class, ...all);
    new ResizeObserver(() => this.#fit()).observe(this.root);
    guesses.addEventListener('change', () => this.#draw());
  }

  /**
   * @param {Map<string, Map<Kind, Place>>} places by slug: what theory predicts and what was measured
   * @param {Place[]} curve of the transport that has one
   */
  show(places, curve) {
    this.#places = places;
    this.#way = curve;
    this.#draw();
  }

  /** @param {ClassGuess[]} guesses */
  showClass(guesses) {
    this.#ofClass = guesses;
    this.#draw();
  }

  /** @param {string} slug */
  #pointsOf(slug) {
    const made = Object.keys(SIZES).map((kind) => /** @type {const} */ ([kind, svg('path', { class: `point ${kind}`, d: markerShape(slug) })]));
    for (const [, path] of made) colourWith(path, slug);
    const points = new Map(/** @type {[Kind, SVGPathElement][]} */ (made));
    this.#offerToDrag(slug, /** @type {SVGPathElement} */ (points.get('guess')));
    return points;
  }

  /**
   * The fields in the table are the way without a pointer.
   * @param {string} slug
   * @param {SVGPathElement} point
   */
  #offerToDrag(slug, point) {
    point.addEventListener('pointerdown', ({ pointerId }) => this.#guesses.isOpen && point.setPointerCapture(pointerId));
    point.addEventListener('pointermove', ({ pointerId, clientX, clientY }) => {
      if (!point.hasPointerCapture(pointerId)) return;
      const { left, top } = this.root.getBoundingClientRect();
      this.#guesses.set(slug, { delay: round(this.#x.from(clientX - left)), bytes: round(this.#y.from(clientY - top)) });
    });
  }

  #fit() {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (!width) return;
    this.#x = logarithmic(DELAYS, [LEFT, width - RIGHT]);
    this.#y = logarithmic(BYTES, [height - BOTTOM, TOP]);
    this.#back.replaceChildren(...axes(this.#x, this.#y, width, height));
    this.#draw();
  }

  #draw() {
    for (const [index, slug] of this.#slugs.entries()) {
      const guess = this.#guesses.of(slug);
      const unguessed = { delay: NOT_GUESSED.delay * NOT_GUESSED.ratio ** index, bytes: NOT_GUESSED.bytes };
      const isShown = this.#guesses.isOpen || !this.#guesses.isEmpty;
      this.#put(slug, 'guess', isShown ? { ...(this.#guesses.isOpen ? unguessed : {}), ...guess } : {});
      for (const kind of /** @type {Kind[]} */ (['theory', 'measured'])) this.#put(slug, kind, this.#places.get(slug)?.get(kind) ?? {});
    }
    this.root.classList.toggle('is-open', this.#guesses.isOpen);
    this.#curve.setAttribute('points', this.#way.map((place) => this.#at(place).join(',')).join(' '));
    this.#class.replaceChildren(...this.#ofClass.map((each) => this.#classDot(each)));
    this.root.setAttribute('aria-label', `Cost plane: mean delay across, bytes a message up. ${this.#words()}`);
  }

  /** @type {(slug: string, kind: Kind, place: Place) => void} */
  #put(slug, kind, place) {
    const point = this.#points.get(slug)?.get(kind);
    const isKnown = place.delay !== undefined && place.bytes !== undefined;
    point?.toggleAttribute('hidden', !isKnown);
    if (!point || !isKnown) return;
    const [x, y] = this.#at(place);
    const scale = SIZES[kind] / 16;
    point.style.setProperty('transform', `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) scale(${scale}) translate(-8px, -8px)`);
  }

  /** @param {Place} place */
  #at({ delay = 0, bytes: each = 0 }) { return [this.#x.to(delay), this.#y.to(each)]; }

  /** @param {ClassGuess} guess */
  #classDot({ transport, delayMs, bytes: each }) {
    const [cx, cy] = this.#at({ delay: delayMs, bytes: each });
    return colourWith(svg('circle', { cx, cy, r: 4 }), transport);
  }

  #words() {
    return this.#slugs.map((slug) => {
      const place = this.#places.get(slug)?.get('measured');
      return place?.delay === undefined ? `${identity(slug).name}: not measured yet.`
        : `${identity(slug).name}: ${duration(place.delay)}, ${bytes(place.bytes)}.`;
    }).join(' ');
  }
}

/** Two digits: nobody guesses more. */
const round = (/** @type {number} */ value) => Number(value.toPrecision(2));

/**
 * @param {Scale} x
 * @param {Scale} y
 * @param {number} width
 * @param {number} height
 */
function axes(x, y, width, height) {
  const [bottom, right] = [height - BOTTOM, width - RIGHT];
  const across = x.ticks.flatMap((tick) => [
    svg('line', { x1: x.to(tick), x2: x.to(tick), y1: TOP, y2: bottom }),
    svg('text', { x: x.to(tick), y: bottom + 16, 'text-anchor': 'middle' }, duration(tick)),
  ]);
  const up = y.ticks.flatMap((tick) => [
    svg('line', { x1: LEFT, x2: right, y1: y.to(tick), y2: y.to(tick) }),
    svg('text', { x: LEFT - 8, y: y.to(tick) + 4, 'text-anchor': 'end' }, tick < 1000 ? `${tick} B` : `${tick / 1000} kB`),
  ]);
  const names = [
    svg('text', { class: 'name', x: right, y: height - 6, 'text-anchor': 'end' }, 'mean delay, from when it was due'),
    svg('text', { class: 'name', x: LEFT + 6, y: TOP + 10 }, 'bytes a message, both ways'),
  ];
  return [...across, ...up, ...names];
}
