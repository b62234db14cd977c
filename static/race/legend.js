// What the marks in the lanes mean, drawn by what draws the lanes.

import { element } from '../shared/dom.js';
import { colourWith } from '../shared/identities.js';
import { drawLane, line } from './lane-drawing.js';
import { LaneLog } from './lane-log.js';
import { lookOf } from './lanes.js';
import { markerPath } from '../shared/markers.js';

const [WIDTH, HEIGHT] = [44, 26];

const poll = (at, answer, messages, path) => (log) => {
  log.trace({ kind: 'request', exchange: 1, at, path });
  log.trace({ kind: 'answer', exchange: 1, at: answer, messages });
};

/** What each sample shows; its times are pixels. */
const SAMPLES = [
  ['Empty poll', 'short_poll', poll(18, 26, 0, '')],
  ['Poll with a message', 'short_poll', poll(18, 26, 1, '')],
  ['Parked poll', 'long_poll', poll(2, 36, 1, '?wait=1')],
  ['Pushed message', 'websocket', (log) => {
    log.trace({ kind: 'request', exchange: 1, at: -20, path: '' });
    log.trace({ kind: 'open', exchange: 1, at: -10 });
    log.trace({ kind: 'push', exchange: 1, at: 26, messages: 1 });
  }],
  ['Failed', 'short_poll', (log) => {
    log.trace({ kind: 'request', exchange: 1, at: 18, path: '' });
    log.trace({ kind: 'failed', exchange: 1, at: 26 });
  }],
  ['Sent', null, () => {}],
  ['Its delay', 'sse', (log) => log.delivered(36, 6)],
];

/** Fills the list `root`, again whenever the colours change. */
export function mountLegend(root) {
  const draw = () => root.querySelectorAll('canvas').forEach((canvas, index) => paint(canvas, SAMPLES[index]));
  root.replaceChildren(...SAMPLES.map(([text, slug]) => {
    const item = element('li', {}, element('canvas', { ariaHidden: 'true' }), element('span', {}, text));
    return slug ? colourWith(item, slug) : item;
  }));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  draw();
}

function paint(canvas, [, slug, happens]) {
  canvas.width = WIDTH * devicePixelRatio;
  canvas.height = HEIGHT * devicePixelRatio;
  const context = canvas.getContext('2d');
  context.scale(devicePixelRatio, devicePixelRatio);
  const look = lookOf(canvas.parentElement);
  if (!slug) {
    context.setLineDash([3, 3]);
    return line(context, look.muted, 1, [[WIDTH / 2, 0], [WIDTH / 2, HEIGHT]]);
  }
  const log = new LaneLog();
  happens(log);
  const area = { x: (time) => time, top: 5, bottom: HEIGHT - 7, now: WIDTH, scale: 0.9 };
  return drawLane(context, log, area, { ...look, shape: markerPath(slug) });
}
