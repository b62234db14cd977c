// Draws one lane: a sequence diagram on its side. Above is the server, below is the browser, time runs to the
// right. A message's post goes up, waits at the server for what brings it, and comes down; nothing is drawn
// before its cause (record/server-times.js).

/** @import { LaneExchange, LaneLog } from '../record/lane-log.js' */
/** @import { Sent } from '../record/record.js' */
/** @import { Pen } from './canvas-pen.js' */
/** @import { StyleName } from './look.js' */

import { pollTimes, storedAt } from '../record/server-times.js';

/**
 * Where a lane is, and which span of time: `x` gives the place of an instant, `end` is the last that is shown.
 * `top` is the server's edge, `bottom` the browser's. `oneWay` gives the length of a way at an
 * instant (Record.oneWayAt).
 * @typedef {object} View
 * @property {(time: number) => number} x
 * @property {number} from
 * @property {number} end
 * @property {number} top
 * @property {number} bottom
 * @property {number} scale
 * @property {(at: number) => number} oneWay
 */

const ARRIVAL = 13;
const EMPTY = 9;

/**
 * @param {Pen} pen
 * @param {LaneLog} log
 * @param {Sent[]} sent this page's messages
 * @param {View} view
 */
export function drawLane(pen, log, sent, view) {
  const { exchanges, deliveries, coming } = log.within(view.from, view.end);
  const page = new Page(pen, view);
  for (const message of sent) drawPost(page, message);
  for (const { at, message } of deliveries) drawDelay(page, at, message);
  for (const exchange of exchanges) drawExchange(page, exchange);
  for (const { at, message, isPushed } of [...deliveries, ...coming]) {
    if (isPushed) drawArrival(page, page.storedAt(message), at, [message]);
  }
}

/** Strokes by instants, no further than what has happened. */
class Page {
  /**
   * @param {Pen} pen
   * @param {View} view
   */
  constructor(pen, view) {
    this.pen = pen;
    this.view = view;
  }

  /**
   * Along the server's edge, or the browser's.
   * @param {StyleName} style
   * @param {number} begin
   * @param {number} end
   * @param {'top' | 'bottom'} edge
   */
  along(style, begin, end, edge) {
    const { x, from, end: latest, [edge]: y } = this.view;
    const [left, right] = [Math.max(begin, from), Math.min(end, latest)];
    if (right > left) this.pen.line(style, x(left), y, x(right), y);
  }

  /**
   * From one edge to the other; of what is still on its way, the part that it has come.
   * @param {StyleName} style
   * @param {number} begin
   * @param {number} end
   * @param {'up' | 'down'} way
   */
  across(style, begin, end, way) {
    const { x, from, end: latest, top, bottom } = this.view;
    const [left, right] = [Math.max(begin, from), Math.min(end, latest)];
    if (left > right) return;
    const [y1, y2] = way === 'up' ? [bottom, top] : [top, bottom];
    const y = (/** @type {number} */ time) => y1 + (end > begin ? (y2 - y1) * ((time - begin) / (end - begin)) : 0);
    this.pen.line(style, x(left), y(left), x(right), end > begin ? y(right) : y2);
  }

  /** @param {number} at */
  has(at) { return at <= this.view.end; }

  /** @param {Sent} message */
  storedAt(message) {
    const { oneWay, end } = this.view;
    return storedAt(message, oneWay(message.posted ?? message.first ?? end));
  }
}

/**
 * A message that the server has refused, and nobody has received, was never sent.
 * @param {Page} page
 * @param {Sent} message
 */
function drawPost(page, message) {
  const { posted, first, isRefused } = message;
  if (posted === undefined || (isRefused && first === undefined)) return;
  page.across('post', posted, page.storedAt(message), 'up');
}

/**
 * From when a message was due to when it was received.
 * @param {Page} page
 * @param {number} at
 * @param {Sent} message
 */
function drawDelay(page, at, { due }) {
  if (due !== undefined && page.has(at)) page.along('delay', due, at, 'bottom');
}

/**
 * @param {Page} page
 * @param {LaneExchange} exchange
 */
function drawExchange(page, exchange) {
  if (exchange.openedAt === undefined) drawPoll(page, exchange);
  else drawStream(page, exchange, exchange.openedAt);
}

/**
 * @param {Page} page
 * @param {LaneExchange} poll
 */
function drawPoll(page, poll) {
  const { at, endedAt, outcome, parks, carried } = poll;
  const { oneWay, end } = page.view;
  const { reached, left = end } = pollTimes(poll, oneWay(at));
  page.across('leg', at, reached, 'up');
  page.along(parks ? 'parked' : 'wait', reached, left, 'top');
  if (endedAt === undefined) return;
  if (outcome === 'message') drawAnswer(page, left, endedAt, carried);
  else if (outcome === 'empty') drawEmpty(page, left, endedAt);
  else if (outcome === 'failed') drawCross(page, endedAt);
}

/**
 * A response with messages, each of which has waited at the server since it was stored.
 * @param {Page} page
 * @param {number} left
 * @param {number} at
 * @param {Sent[]} carried
 */
function drawAnswer(page, left, at, carried) {
  for (const message of carried) page.along('stored', page.storedAt(message), left, 'top');
  drawArrival(page, left, at, carried);
}

/**
 * @param {Page} page
 * @param {number} left
 * @param {number} at
 */
function drawEmpty(page, left, at) {
  page.across('leg', left, at, 'down');
  if (page.has(at)) page.pen.mark('empty', page.view.x(at), page.view.bottom, EMPTY);
}

/**
 * @param {Page} page
 * @param {LaneExchange} exchange
 * @param {number} openedAt
 */
function drawStream(page, { at, endedAt, outcome }, openedAt) {
  const reached = at + (openedAt - at) / 2;
  page.across('leg', at, reached, 'up');
  page.across('leg', reached, openedAt, 'down');
  page.along('open', reached, endedAt ?? page.view.end, 'top');
  if (outcome === 'failed' && endedAt !== undefined) drawCross(page, endedAt);
}

/**
 * Messages from the server, and a mark where they were received.
 * @param {Page} page
 * @param {number} left
 * @param {number} at
 * @param {Sent[]} messages
 */
function drawArrival(page, left, at, messages) {
  const { x, bottom, scale } = page.view;
  page.across('bringing', left, at, 'down');
  if (!page.has(at)) return;
  page.pen.mark('full', x(at), bottom, ARRIVAL);
  if (messages.length > 1) page.pen.text(`×${messages.length}`, x(at) + 9 * scale, bottom - 8 * scale, 'left');
}

/**
 * @param {Page} page
 * @param {number} at
 */
function drawCross({ pen, view }, at) {
  if (at > view.end) return;
  const arm = 5 * view.scale;
  const [x, y] = [view.x(at), view.bottom];
  pen.line('failed', x - arm, y - arm, x + arm, y + arm);
  pen.line('failed', x - arm, y + arm, x + arm, y - arm);
}
