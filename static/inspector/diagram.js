// The exchange as a sequence diagram: this page on the left, the server on the right, time down.
// Not to scale: a wait of a second would make a millisecond invisible.

/** @import { Row } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { colourWith } from '../shared/identities.js';
import { svg } from '../shared/svg.js';
import { milliseconds } from '../shared/units.js';

const EDGE = 10; // from the picture's edge to a lifeline
const TOP = 44;
const ROW = { step: 50, gap: 40, omitted: 40 };
const BAR = 8; // the width of a wait on the lifeline
const CHARACTER = 6.6; // about as wide as one is, at 12 px

/**
 * A figure of `rows` (story.js), as wide as there is room.
 * @param {Row[]} rows
 * @param {{ transport: string }} question
 */
export function diagram(rows, { transport }) {
  const frame = element('div', { className: 'inspector-diagram' });
  const note = element('figcaption', {}, 'Not to scale. On the right the server’s clock, from the first byte of the '
    + 'request; on the left this page’s own, from when it asked. The two are not compared with each other.');
  new ResizeObserver(([{ contentRect }]) => {
    frame.replaceChildren(drawn(rows, Math.max(280, Math.floor(contentRect.width))));
  }).observe(frame);
  return colourWith(element('figure', { className: 'inspector-figure' }, frame, note), transport);
}

/**
 * @param {Row[]} rows
 * @param {number} width
 */
function drawn(rows, width) {
  const height = TOP + rows.reduce((sum, { kind }) => sum + ROW[kind], 0) + 14;
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': told(rows) });
  picture.append(...lifelines(width, height));
  let y = TOP;
  for (const row of rows) {
    picture.append(svg('g', { class: row.kind }, ...partsOf(row, y, width)));
    y += ROW[row.kind];
  }
  return picture;
}

/**
 * @param {number} width
 * @param {number} height
 */
function lifelines(width, height) {
  const line = (/** @type {number} */ x) => svg('line', { class: 'life', x1: x, x2: x, y1: 24, y2: height });
  const page = svg('text', { class: 'who', x: 0, y: 14, 'text-anchor': 'start' }, 'This page');
  const server = svg('text', { class: 'who', x: width, y: 14, 'text-anchor': 'end' }, 'The server');
  return [line(EDGE), line(width - EDGE), page, server];
}

/**
 * @param {Row} row
 * @param {number} y
 * @param {number} width
 */
function partsOf(row, y, width) {
  if (row.kind === 'step') return stepParts(row, y, width);
  return row.kind === 'gap' ? gapParts(row, y, width) : omittedParts(row, y, width);
}

/**
 * @param {Extract<Row, { kind: 'step' }>} row
 * @param {number} y
 * @param {number} width
 */
function stepParts(row, y, width) {
  const isUp = row.step.way === 'up';
  const tip = isUp ? width - EDGE : EDGE;
  const back = isUp ? tip - 9 : tip + 9;
  const line = y + 20;
  const arrow = [
    svg('line', { x1: EDGE, x2: width - EDGE, y1: line, y2: line }),
    svg('path', { d: `M${tip} ${line} ${back} ${line - 5}V${line + 5}Z` }),
  ];
  const texts = [
    svg('text', { class: 'label', x: width / 2, y: line - 7, 'text-anchor': 'middle' }, shorten(row.label, width)),
    svg('text', { class: 'time', x: EDGE + 8, y: line + 16 }, row.page),
    svg('text', { class: 'time', x: width - EDGE - 8, y: line + 16, 'text-anchor': 'end' }, milliseconds(row.step.at_ms)),
  ];
  return [svg('g', { class: row.carries ? 'arrow carries' : 'arrow' }, ...arrow), ...texts];
}

/** @type {(row: Row, y: number, width: number) => SVGElement[]} */
function gapParts(row, y, width) {
  const bar = { class: 'wait', x: width - EDGE - BAR / 2, y: y - 30, width: BAR, height: ROW.gap + 50, rx: 3 };
  return [svg('rect', bar), aside(row, y, width)];
}

/** @type {(row: Row, y: number, width: number) => SVGElement[]} */
function omittedParts(row, y, width) {
  const skip = (/** @type {number} */ x) => svg('line', { class: 'skip', x1: x, x2: x, y1: y - 4, y2: y + 26 });
  return [skip(EDGE), skip(width - EDGE), aside(row, y, width)];
}

/** @type {(row: Row, y: number, width: number) => SVGTextElement} */
function aside({ label }, y, width) {
  return svg('text', { class: 'aside', x: width - EDGE - 14, y: y + 16, 'text-anchor': 'end' }, label);
}

/**
 * @param {string} text
 * @param {number} width
 */
function shorten(text, width) {
  const most = Math.floor((width - 4 * EDGE) / CHARACTER);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/**
 * The picture in words.
 * @param {Row[]} rows
 */
function told(rows) {
  const sentence = (/** @type {Row} */ row) => {
    if (row.kind !== 'step') return `${row.label}.`;
    const to = row.step.way === 'up' ? 'to the server' : 'to this page';
    const brings = row.carries ? ', with the message' : '';
    const page = row.page ? `; this page’s clock: ${row.page}` : '';
    return `${milliseconds(row.step.at_ms)}: ${row.label}, ${to}${brings}${page}.`;
  };
  return `Sequence diagram. ${rows.map(sentence).join(' ')}`;
}
