// What the marks in the lanes mean, drawn by the code that draws the lanes.

/** @import { TransportModule } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { colourWith } from '../shared/identities.js';
import { markerPath } from '../shared/markers.js';
import { transports } from '../transports/index.js';
import { contextOf, drawLane, line } from './lane-drawing.js';
import { LaneLog } from './lane-log.js';
import { lookOf } from './lanes.js';

const [WIDTH, HEIGHT] = [44, 26];

/** @typedef {(log: LaneLog) => void} Happening */

/** @type {(at: number, answered: number, messages: number, path: string) => Happening} */
const poll = (at, answered, messages, path) => (log) => {
  log.trace({ kind: 'request', exchange: 1, at, path });
  log.trace({ kind: 'response', exchange: 1, at: answered, status: 200, messages });
};

/** @type {Happening} */
const push = (log) => {
  log.trace({ kind: 'request', exchange: 1, at: -20, path: '' });
  log.trace({ kind: 'open', exchange: 1, at: -10 });
  log.trace({ kind: 'push', exchange: 1, at: 26, messages: 1 });
};

/** @type {Happening} */
const failure = (log) => {
  log.trace({ kind: 'request', exchange: 1, at: 18, path: '' });
  log.trace({ kind: 'failed', exchange: 1, at: 26, reason: '' });
};

/**
 * @typedef {object} Sample
 * @property {string} text
 * @property {(transport: TransportModule) => boolean} [of] the first such transport lends its colour
 * @property {Happening} [happens]
 */

/** @type {(transport: TransportModule) => boolean} */
const plainPoll = ({ isPoll, parks }) => isPoll && !parks;

/**
 * What each sample shows; its times are pixels. Without a transport it is a message that is sent.
 * @type {Sample[]}
 */
const SAMPLES = [
  { text: 'Empty poll', of: plainPoll, happens: poll(18, 26, 0, '') },
  { text: 'Poll with a message', of: plainPoll, happens: poll(18, 26, 1, '') },
  { text: 'Parked poll', of: ({ isPoll, parks }) => isPoll && parks, happens: poll(2, 36, 1, '?wait=1') },
  { text: 'Pushed message', of: ({ carriesBothWays }) => carriesBothWays, happens: push },
  { text: 'Failed', of: plainPoll, happens: failure },
  { text: 'Sent' },
  { text: 'Its delay', of: ({ isPoll }) => !isPoll, happens: (log) => log.delivered(36, 6) },
];

/** @param {Sample} sample */
const slugOf = ({ of }) => (of ? [...transports.values()].find(of)?.slug : undefined);

/**
 * Fills the list `root`; called again when the colours change.
 * @param {HTMLElement} root
 */
export function mountLegend(root) {
  const draw = () => {
    for (const [index, canvas] of root.querySelectorAll('canvas').entries()) paint(canvas, SAMPLES[index]);
  };
  root.replaceChildren(...SAMPLES.map((sample) => {
    const item = element('li', {}, element('canvas', { ariaHidden: 'true' }), element('span', {}, sample.text));
    const slug = slugOf(sample);
    return slug ? colourWith(item, slug) : item;
  }));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  draw();
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Sample} sample
 */
function paint(canvas, sample) {
  canvas.width = WIDTH * devicePixelRatio;
  canvas.height = HEIGHT * devicePixelRatio;
  const context = contextOf(canvas);
  context.scale(devicePixelRatio, devicePixelRatio);
  const look = lookOf(/** @type {HTMLElement} */ (canvas.parentElement));
  const slug = slugOf(sample);
  if (!slug) {
    context.setLineDash([3, 3]);
    return line(context, look.muted, 1, [[WIDTH / 2, 0], [WIDTH / 2, HEIGHT]]);
  }
  const log = new LaneLog();
  sample.happens?.(log);
  const area = { x: (/** @type {number} */ time) => time, top: 5, bottom: HEIGHT - 7, now: WIDTH, scale: 0.9 };
  return drawLane(context, log, area, { ...look, shape: markerPath(slug) });
}
