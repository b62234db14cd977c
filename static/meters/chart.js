// The history: a point for each latency, in its transport's colour and shape; a line for bytes a
// second; an upright where the transport changed.

import uPlot from '../vendor/uplot/uPlot.esm.js';
import { identity } from '../shared/identities.js';
import { markerPath } from '../shared/markers.js';

const HEIGHT = 150;
const FONT = '11px system-ui, sans-serif';
/** How wide the markers are: of a latency, and over a change. */
const POINT_PX = 9;
const CHANGE_PX = 12;

export class Chart {
  #root;
  #past;
  #plot;

  /** Draws `past` (past.js) into `root`, as wide as it is. */
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
    const all = [...latencies, ...rates].sort((a, b) => a.at - b.at);
    return [
      all.map(({ at }) => at / 1000),
      all.map(({ ms }) => ms ?? null),
      all.map(({ perSecond }) => perSecond ?? null),
    ];
  }

  #options() {
    const label = (side, scale, values, size) => ({
      side, scale, values, size, font: FONT, stroke: colour('--muted'), grid: { show: side === 3, stroke: colour('--line'), width: 1 }, ticks: { show: false },
    });
    return {
      width: this.#root.clientWidth || 300,
      height: HEIGHT,
      padding: [18, 0, 0, 0], // the names of the transports stand there
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { range: () => this.#past.span.map((at) => at / 1000) }, ms: { range: fromZero }, rate: { range: fromZero } },
      axes: [
        { ...label(2, 'x', (_, ticks) => ticks.map(clock), 24), space: 90, grid: { show: false } },
        label(3, 'ms', (_, ticks) => ticks.map((tick) => `${tick} ms`), 58),
        label(1, 'rate', (_, ticks) => ticks.map(perSecond), 58),
      ],
      series: [
        {},
        { scale: 'ms', paths: () => null, points: { show: false } },
        { scale: 'rate', stroke: colour('--line-strong'), width: 1.5, spanGaps: true, points: { show: false } },
      ],
      hooks: { draw: [(plot) => this.#drawChanges(plot), (plot) => this.#drawLatencies(plot)] },
    };
  }

  #drawLatencies(plot) {
    for (const { at, ms, transport } of this.#past.latencies) {
      drawMarker(plot.ctx, transport, plot.valToPos(at / 1000, 'x', true), plot.valToPos(ms, 'ms', true), POINT_PX);
    }
  }

  #drawChanges({ ctx, bbox, valToPos }) {
    ctx.save();
    ctx.font = FONT.replace('11', 11 * devicePixelRatio);
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

/** Draws a transport's marker around x, y, which are in the canvas's own pixels. */
function drawMarker(ctx, transport, x, y, width) {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(width * devicePixelRatio, width * devicePixelRatio);
  ctx.fillStyle = identity(transport).colour;
  ctx.fill(markerPath(transport));
  ctx.restore();
}

const colour = (name) => () => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const fromZero = (_, low, high) => [0, high > 0 ? high * 1.15 : 10];

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const clock = (seconds) => time.format(seconds * 1000);

const perSecond = (value) => (value < 1000 ? `${value} B/s` : `${value / 1000} kB/s`);

/** The picture in words. */
function told({ latencies, rates, changes }) {
  const names = changes.map(({ transport }) => identity(transport).name).join(', then ');
  const most = Math.round(Math.max(0, ...latencies.map(({ ms }) => ms)));
  const rate = Math.round(rates.at(-1)?.perSecond ?? 0);
  return `History of the last minutes: ${names}. ${latencies.length} latencies, ${most} ms at most; now ${rate} bytes a second.`;
}
