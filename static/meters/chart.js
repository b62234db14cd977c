// The history: a point for each latency, in its transport's colour and shape; a line for bytes a
// second; a vertical line where the transport changed. Latencies are on a logarithmic axis, where the
// millisecond of a push and the seconds of a short poll can both be read.

/** @import { Past } from './past.js' */

import { identity } from '../shared/identities.js';
import { markerPath } from '../shared/markers.js';
import uPlot from '../vendor/uplot/uPlot.esm.js';

const HEIGHT = 140;
/** The axis has these at least, in ms; it grows by powers of ten. */
const LOWEST_MS = 1;
const HIGHEST_MS = 1000;
/** Less is not measured, and 0 has no place on the axis. */
const LEAST_MS = 0.1;
const FONT = '11px system-ui, sans-serif';
/** How wide the markers are: of a latency, and over a change. */
const POINT_PX = 9;
const CHANGE_PX = 12;

export class Chart {
  #root;
  #past;
  #plot;

  /**
   * Draws `past` into `root`, as wide as it is.
   * @param {HTMLElement} root
   * @param {Past} past
   */
  constructor(root, past) {
    this.#root = root;
    this.#past = past;
    this.#plot = new uPlot(this.#options(), this.#data(), root);
    new ResizeObserver(([{ contentRect: { width } }]) => {
      if (width > 0) this.#plot.setSize({ width: Math.floor(width), height: HEIGHT });
    }).observe(root);
  }

  draw() {
    this.#plot.setData(this.#data());
    this.#root.setAttribute('aria-label', told(this.#past));
  }

  /** uPlot wants one list of times, and for each series a value or null at each of them. */
  #data() {
    const { latencies, rates } = this.#past;
    /** @type {{ at: number, ms?: number, perSecond?: number }[]} */
    const all = [...latencies, ...rates].sort((a, b) => a.at - b.at);
    return [
      all.map(({ at }) => at / 1000),
      all.map(({ ms }) => (ms === undefined ? null : onAxis(ms))),
      all.map(({ perSecond }) => perSecond ?? null),
    ];
  }

  #options() {
    return {
      width: this.#root.clientWidth || 300,
      height: HEIGHT,
      padding: [18, 0, 0, 0], // the names of the transports stand there
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { range: () => this.#past.span.map((at) => at / 1000) }, ms: { distr: 3, range: decades }, rate: { range: fromZero } },
      axes: [
        { ...axis(2, 'x', 24, clock), space: 90, grid: { show: false } },
        { ...axis(3, 'ms', 58, latency), splits: powers, filter: all },
        axis(1, 'rate', 58, perSecond),
      ],
      series: [
        {},
        { scale: 'ms', paths: () => null, points: { show: false } },
        { scale: 'rate', stroke: colour('--line-strong'), width: 1.5, spanGaps: true, points: { show: false } },
      ],
      hooks: { draw: [(/** @type {uPlot} */ plot) => this.#drawOver(plot)] },
    };
  }

  /** @param {uPlot} plot */
  #drawOver(plot) {
    this.#drawChanges(plot);
    this.#drawLatencies(plot);
  }

  /** @param {uPlot} plot */
  #drawLatencies(plot) {
    for (const { at, ms, transport } of this.#past.latencies) {
      drawMarker(plot.ctx, transport, plot.valToPos(at / 1000, 'x', true), plot.valToPos(onAxis(ms), 'ms', true), POINT_PX);
    }
  }

  /** @param {uPlot} plot */
  #drawChanges({ ctx, bbox, valToPos }) {
    ctx.save();
    ctx.font = FONT.replace('11', String(11 * devicePixelRatio));
    for (const { at, transport } of this.#past.changes) {
      const x = Math.max(bbox.left, valToPos(at / 1000, 'x', true));
      ctx.strokeStyle = identity(transport).colour;
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top - 4 * devicePixelRatio);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      drawMarker(ctx, transport, x, bbox.top - 10 * devicePixelRatio, CHANGE_PX);
    }
    ctx.restore();
  }
}

/**
 * An axis of uPlot's, on one of the sides 0 to 3, clockwise from the top.
 * @param {number} side
 * @param {string} scale
 * @param {number} size
 * @param {(value: number) => string} read
 */
function axis(side, scale, size, read) {
  return {
    side, scale, size, font: FONT, stroke: colour('--muted'), ticks: { show: false },
    values: (/** @type {unknown} */ _plot, /** @type {number[]} */ ticks) => ticks.map(read),
    grid: { show: side === 3, stroke: colour('--line'), width: 1 },
  };
}

/**
 * Draws a transport's marker around x, y, which are in the canvas's own pixels.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} transport
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
function drawMarker(ctx, transport, x, y, width) {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(width * devicePixelRatio, width * devicePixelRatio);
  ctx.fillStyle = identity(transport).colour;
  ctx.fill(markerPath(transport));
  ctx.restore();
}

const colour = (/** @type {string} */ name) => () => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @type {(plot: unknown, low: number, high: number) => number[]} */
const fromZero = (_plot, _low, high) => [0, high > 0 ? high * 1.15 : 10];

const onAxis = (/** @type {number} */ ms) => Math.max(LEAST_MS, ms);

/**
 * Whole powers of ten around what there is, which may be nothing.
 * @type {(plot: unknown, low: number | null, high: number | null) => [number, number]}
 */
const decades = (_plot, low, high) => [
  10 ** Math.floor(Math.log10(Math.min(LOWEST_MS, low ?? LOWEST_MS))),
  10 ** Math.ceil(Math.log10(Math.max(HIGHEST_MS, high ?? HIGHEST_MS))),
];

/** @type {(plot: unknown, index: number, low: number, high: number) => number[]} */
const powers = (_plot, _index, low, high) => {
  const [first, last] = [low, high].map((end) => Math.round(Math.log10(end)));
  return Array.from({ length: last - first + 1 }, (_, step) => Number((10 ** (first + step)).toPrecision(1)));
};

/** @type {(plot: unknown, ticks: number[]) => number[]} */
const all = (_plot, ticks) => ticks;

const latency = (/** @type {number} */ ms) => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`);

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const clock = (/** @type {number} */ seconds) => time.format(seconds * 1000);

const perSecond = (/** @type {number} */ value) => (value < 1000 ? `${value} B/s` : `${value / 1000} kB/s`);

/**
 * The picture in words.
 * @param {Past} past
 */
function told({ latencies, rates, changes }) {
  const names = changes.map(({ transport }) => identity(transport).name).join(', then ');
  const most = Math.round(Math.max(0, ...latencies.map(({ ms }) => ms)));
  const rate = Math.round(rates.at(-1)?.perSecond ?? 0);
  const [low, high] = decades(null, ...ends(latencies.map(({ ms }) => onAxis(ms)))).map(latency);
  return `History of the last minutes: ${names}. ${latencies.length} latencies, ${most} ms at most, on a logarithmic axis `
    + `from ${low} to ${high}; now ${rate} bytes a second.`;
}

/** @type {(all: number[]) => [number | null, number | null]} */
const ends = (all) => (all.length ? [Math.min(...all), Math.max(...all)] : [null, null]);
