// A story as a sequence diagram: its sender on the left, the server in the middle, this page on the right, time
// down. Not to scale: a wait of a second would make a millisecond invisible.

/** @import { Place, Row } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { colourWith } from '../shared/identities.js';
import { svg } from '../shared/svg.js';
import { senderInSentence } from './names.js';
import { relativeTime } from './times.js';

const TIMES = 80; // the width of the column with the times
const EDGE = 10; // from the picture's edge to a lifeline
const TOP = 44;
const LINE = 15; // of text
const CHARACTER = 6.7; // about as wide as one is, at 12 px
const LEAST = 220; // narrower only with very large text

/**
 * Where the lifelines are.
 * @typedef {Record<Place, number> & { width: number }} Lanes
 */

/**
 * A figure of `rows` (story.js), as wide as there is room.
 * @param {Row[]} rows
 * @param {{ transport: string | null, sender: string }} about
 */
export function diagram(rows, { transport, sender }) {
  const frame = element('div', { className: 'inspector-diagram' });
  const note = element('figcaption', {}, 'Not to scale. The times on the left are the server’s clock, from what brought the '
    + 'message; this page’s own clock counts from when the message was here. The two are not compared with each other.');
  new ResizeObserver(([{ contentRect }]) => {
    frame.replaceChildren(drawn(rows, Math.max(LEAST, Math.floor(contentRect.width)), sender));
  }).observe(frame);
  const figure = element('figure', { className: 'inspector-figure' }, frame, note);
  return transport === null ? figure : colourWith(figure, transport);
}

/**
 * @param {Row[]} rows
 * @param {number} width
 * @param {string} sender
 */
function drawn(rows, width, sender) {
  const sides = { sender: TIMES + EDGE, page: width - EDGE };
  const lanes = { ...sides, server: (sides.sender + sides.page) / 2, width };
  const parts = [];
  let y = TOP;
  for (const row of rows) {
    const { height, made } = partsOf(row, y, lanes);
    parts.push(svg('g', { class: row.kind }, ...made));
    y += height;
  }
  const height = y + 8;
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': told(rows, sender) });
  picture.append(...lifelines(lanes, height, sender), ...parts);
  return picture;
}

/**
 * @param {Lanes} lanes
 * @param {number} height
 * @param {string} sender
 */
function lifelines(lanes, height, sender) {
  const line = (/** @type {number} */ x) => svg('line', { class: 'life', x1: x, x2: x, y1: 24, y2: height });
  const name = (/** @type {number} */ x, /** @type {string} */ anchor, /** @type {string} */ text) => svg('text',
    { class: 'who', x, y: 14, 'text-anchor': anchor }, text);
  return [
    line(lanes.sender), line(lanes.server), line(lanes.page),
    name(lanes.sender - EDGE, 'start', shortened(sender, lanes.server - lanes.sender - 18)), name(lanes.server, 'middle', 'Server'), name(lanes.width, 'end', 'This page'),
  ];
}

/**
 * @param {Row} row
 * @param {number} y
 * @param {Lanes} lanes
 */
function partsOf(row, y, lanes) {
  if (row.kind === 'arrow') return arrowParts(row, y, lanes);
  if (row.kind === 'point') return pointParts(row, y, lanes);
  return row.kind === 'gap' ? gapParts(row, y, lanes) : earlierParts(row, y, lanes);
}

/**
 * @param {Extract<Row, { kind: 'arrow' }>} row
 * @param {number} y
 * @param {Lanes} lanes
 */
function arrowParts({ at, from, to, label, carries, isKnown, page }, y, lanes) {
  const side = from === 'sender' || to === 'sender' ? 'sender' : 'page';
  const text = textAt(label, { y: y + 12, side, lanes, className: 'label' });
  const line = y + text.height + 8;
  const [tip, tail] = [lanes[to], lanes[from]];
  const back = tip > tail ? tip - 9 : tip + 9;
  const arrow = svg('g', { class: `way${carries ? ' carries' : ''}${isKnown ? '' : ' unknown'}` },
    svg('line', { x1: tail, x2: back, y1: line, y2: line }),
    svg('path', { d: `M${tip} ${line} ${back} ${line - 5}V${line + 5}Z` }));
  const below = page ? textAt(page, { y: line + 15, side, lanes, className: 'aside' }) : { height: 0, made: [] };
  return {
    height: text.height + 20 + below.height,
    made: [...text.made, arrow, ...timeAt(at, line + 4, carries), ...below.made],
  };
}

/**
 * @param {Extract<Row, { kind: 'point' }>} row
 * @param {number} y
 * @param {Lanes} lanes
 */
function pointParts({ at, label }, y, lanes) {
  const point = svg('circle', { cx: lanes.server, cy: y + 8, r: 5 });
  const text = wrapped(label, lanes.page - lanes.server - 16).map((line, index) => (
    svg('text', { class: 'label', x: lanes.server + 12, y: y + 12 + index * LINE }, line)));
  return { height: 11 + text.length * LINE, made: [point, ...text, ...timeAt(at, y + 12)] };
}

/**
 * @param {Extract<Row, { kind: 'gap' }>} row
 * @param {number} y
 * @param {Lanes} lanes
 */
function gapParts({ label, where }, y, lanes) {
  const bar = svg('rect', { class: 'wait', x: lanes[where] - 4, y: y - 4, width: 8, height: 32, rx: 3 });
  return { height: 34, made: [...(where === 'server' ? [bar] : []), ...textAt(label, { y: y + 16, side: 'page', lanes, className: 'aside' }).made] };
}

/**
 * @param {Extract<Row, { kind: 'earlier' }>} row
 * @param {number} y
 * @param {Lanes} lanes
 */
function earlierParts({ at, label }, y, lanes) {
  const { height, made } = textAt(label, { y: y + 12, side: 'page', lanes, className: 'aside' });
  const skip = (/** @type {number} */ x) => svg('line', { class: 'skip', x1: x, x2: x, y1: y - 4, y2: y + height + 8 });
  return { height: height + 16, made: [skip(lanes.server), skip(lanes.page), ...made, ...timeAt(at, y + 12)] };
}

/**
 * @param {number | null} at
 * @param {number} y
 * @param {boolean} [carries]
 */
function timeAt(at, y, carries = false) {
  return at === null ? [] : [svg('text', { class: carries ? 'time zero' : 'time', x: TIMES - 8, y, 'text-anchor': 'end' }, relativeTime(at))];
}

/**
 * Text that begins at its own side, in as many lines as it needs.
 * @param {string} text
 * @param {{ y: number, side: Place, lanes: Lanes, className: string }} options
 */
function textAt(text, { y, side, lanes, className }) {
  const isLeft = side === 'sender';
  const lines = wrapped(text, lanes.page - lanes.sender - 24);
  const made = lines.map((line, index) => svg('text', {
    class: className, x: isLeft ? lanes.sender + 10 : lanes.page - 10, y: y + index * LINE, 'text-anchor': isLeft ? 'start' : 'end',
  }, line));
  return { height: lines.length * LINE, made };
}

/** @type {(text: string, room: number) => string[]} */
function wrapped(text, room) {
  const most = Math.max(12, Math.floor(room / CHARACTER));
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => shortened(line, room));
}

/** @type {(text: string, room: number) => string} */
function shortened(text, room) {
  const most = Math.max(4, Math.floor(room / CHARACTER));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/**
 * The picture in words.
 * @param {Row[]} rows
 * @param {string} sender
 */
function told(rows, sender) {
  /** @type {Record<Place, string>} */
  const names = { sender: senderInSentence(sender), server: 'the server', page: 'this page' };
  const sentence = (/** @type {Row} */ row) => {
    if (row.kind === 'gap') return `${row.label}.`;
    const time = row.at === null ? '' : `${relativeTime(row.at)}: `;
    if (row.kind !== 'arrow') return `${time}${row.label}.`;
    const brings = row.carries ? ', with the message' : '';
    return `${time}${row.label}, from ${names[row.from]} to ${names[row.to]}${brings}${row.page ? `; ${row.page}` : ''}.`;
  };
  return `Sequence diagram. ${rows.map(sentence).join(' ')}`;
}
