// What the marks in the lanes mean, drawn by the code that draws the lanes.

/** @import { TransportModule } from '../../shared/types.js' */

import { element } from '../../shared/dom.js';
import { colourWith } from '../../shared/identities.js';
import { markerPath } from '../../shared/markers.js';
import { transports } from '../../transports/index.js';
import { Record } from '../record/record.js';
import { CanvasPen, contextOf } from './canvas-pen.js';
import { drawLane } from './lane-drawing.js';
import { lookOf } from './look.js';
import { drawTears } from './tear.js';

const [WIDTH, HEIGHT] = [44, 26];
/** Times of the samples are pixels. */
const ONE_WAY = 4;
const LANE = 'sample';

/** @typedef {(record: Record) => void} Happening */

const MESSAGE = { seq: 1, key: 'own', body: '', room: '', author: '', display_name: '', sent_at: '' };

/** @type {(at: number, answered: number, messages: number, path: string) => Happening} */
const poll = (at, answered, messages, path) => (record) => {
  record.trace(LANE, { kind: 'request', exchange: 1, at, path });
  record.trace(LANE, { kind: 'response', exchange: 1, at: answered, status: 200, messages });
  if (messages) record.delivered(LANE, { ...MESSAGE, key: null }, { exchange: 1, at: answered });
};

/** @type {Happening} */
const push = (record) => {
  record.trace(LANE, { kind: 'request', exchange: 1, at: -20, path: '' });
  record.trace(LANE, { kind: 'open', exchange: 1, at: -10 });
  record.delivered(LANE, { ...MESSAGE, key: null }, { exchange: 1, at: 30 });
};

/** @type {Happening} */
const failure = (record) => {
  record.trace(LANE, { kind: 'request', exchange: 1, at: 12, path: '' });
  record.trace(LANE, { kind: 'failed', exchange: 1, at: 26, reason: '' });
};

/** @type {Happening} */
const change = (record) => {
  record.trace(LANE, { kind: 'request', exchange: 1, at: -20, path: '' });
  record.trace(LANE, { kind: 'open', exchange: 1, at: -10 });
  record.trace(LANE, { kind: 'closed', exchange: null, at: 18 });
  record.wentOver({ from: '', to: '' }, 18);
  record.trace(LANE, { kind: 'request', exchange: 2, at: 18, path: '' });
  record.trace(LANE, { kind: 'open', exchange: 2, at: 30 });
};

/** @type {Happening} */
const post = (record) => {
  record.posted('own', { body: '', due: 16, at: 16 });
  record.acknowledged('own', 32);
};

/** A message that a poll finds at the server. */
/** @type {Happening} */
const found = (record) => {
  record.posted('own', { body: '', due: -60, at: -60 });
  record.acknowledged('own', 68);
  poll(30, 38, 0, '')(record);
  record.trace(LANE, { kind: 'response', exchange: 1, at: 38, status: 200, messages: 1 });
  record.delivered(LANE, MESSAGE, { exchange: 1, at: 38 });
};

/**
 * @typedef {object} Sample
 * @property {string} text
 * @property {(transport: TransportModule) => boolean} of the first such transport lends its colour
 * @property {Happening} happens
 */

/** @type {(transport: TransportModule) => boolean} */
const plainPoll = ({ isPoll, parks }) => isPoll && !parks;
const pushes = (/** @type {TransportModule} */ { carriesBothWays }) => carriesBothWays;

/** @type {Sample[]} */
const SAMPLES = [
  { text: 'Posted', of: plainPoll, happens: post },
  { text: 'Empty poll', of: plainPoll, happens: poll(14, 30, 0, '') },
  { text: 'Message waits for a poll', of: plainPoll, happens: found },
  { text: 'Parked poll', of: ({ isPoll, parks }) => isPoll && parks, happens: poll(2, 38, 1, '?wait=1') },
  { text: 'Pushed', of: pushes, happens: push },
  { text: 'Failed', of: plainPoll, happens: failure },
  { text: 'Another network path', of: pushes, happens: change },
];

/** @param {Sample} sample */
const slugOf = ({ of }) => [...transports.values()].find(of)?.slug ?? '';

/**
 * Fills the list `root`; its pictures are drawn again when the colours change.
 * @param {HTMLElement} root
 */
export function mountLegend(root) {
  const draw = () => {
    for (const [index, canvas] of root.querySelectorAll('canvas').entries()) paint(canvas, SAMPLES[index]);
  };
  const items = SAMPLES.map((sample) => colourWith(
    element('li', {}, element('canvas', { ariaHidden: 'true' }), element('span', {}, sample.text)), slugOf(sample)));
  root.replaceChildren(...items, element('li', {}, element('span', {}, 'Dashed: a page cannot know how long each way took, '
    + 'only both together; the server stands halfway')));
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
  const record = new Record([LANE]);
  sample.happens(record);
  const pen = new CanvasPen(context, { look, shape: markerPath(slugOf(sample)), scale: 0.9 });
  const view = { x: (/** @type {number} */ time) => time, from: 0, end: WIDTH, top: 5, bottom: HEIGHT - 7, scale: 0.9, oneWay: () => ONE_WAY };
  drawLane(pen, record.lane(LANE), record.sent, view);
  drawTears(pen, record.changes, view);
  pen.flush();
}
