// A record as a sequence of rows, which the diagram draws and its text alternative lists.
//
//   { kind: 'step', step, label, carries, page }   something crossed the socket; `page` is what this
//                                                  page's own clock adds to it, or ''
//   { kind: 'gap', ms, label }                     nothing was sent
//   { kind: 'omitted', ms, label }                 steps that are not shown

/** @import { ExchangeRecord, ExchangeQuery, Row, Seen, Step } from '../shared/types.js' */

import { exactBytes, milliseconds, plural } from '../shared/units.js';
import { transportOf } from '../transports/index.js';

/** A server that responds at once does so within this; longer is a wait, and drawn. */
const WAIT_MS = 10;

/**
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} question
 */
export function story(record, { seq, seen, transport }) {
  /** @type {Row[]} */
  const rows = [];
  let previous = null;
  const firstOfStream = record.steps.find(({ kind }) => kind === 'chunk' || kind === 'frame');
  for (const step of record.steps) {
    const gap = previous ? step.at_ms - previous.at_ms : 0;
    if (record.omitted && step === firstOfStream) rows.push(omittedRow(record, gap));
    else if (gap > WAIT_MS) rows.push({ kind: 'gap', ms: gap, label: gapLabel(transport, step, gap) });
    rows.push(stepRow(step, seq, seen));
    previous = step;
  }
  return rows;
}

/** @type {(step: Step, seq: number) => boolean} */
export const carries = (step, seq) => Boolean(step.message_bytes && step.messages?.includes(seq));

/**
 * What a step is, in a word or two.
 * @param {Step} step
 */
export function stepName(step) {
  if (step.kind === 'request') return requestLine(step);
  if (step.kind === 'answer') return step.head.split('\r\n', 1)[0].replace(/^HTTP\/\S+ /, '');
  return step.kind === 'frame' ? `${step.frame.name} frame` : `${step.event} chunk`;
}

/**
 * Shortens a path: its middle and its query are of no use here.
 * @param {{ head: string }} step
 */
function requestLine({ head }) {
  const [method, target = ''] = head.split(' ', 2);
  const [path, query] = target.split('?');
  return `${method} …/${path.split('/').at(-1)}${query ? '?…' : ''}`;
}

/**
 * @param {Step} step
 * @param {number} seq
 * @param {Seen} seen
 * @returns {Row}
 */
function stepRow(step, seq, seen) {
  const isCarrier = carries(step, seq);
  return { kind: 'step', step, carries: isCarrier, label: `${stepName(step)}, ${exactBytes(step.bytes)}`, page: pageTime(step, isCarrier, seen) };
}

/**
 * This page's clock starts at its request; empty where it does not know that.
 * @param {Step} step
 * @param {boolean} isCarrier
 * @param {Seen} seen
 */
function pageTime(step, isCarrier, { asked, at }) {
  if (asked === undefined) return '';
  if (step.kind === 'request') return 'asked at 0 ms';
  return isCarrier && at !== undefined ? `here at ${milliseconds(at - asked)}` : '';
}

/**
 * @param {string} transport
 * @param {Step} step
 * @param {number} ms
 */
function gapLabel(transport, step, ms) {
  if (step.kind === 'answer' && transportOf(transport).parks) return `parked for ${milliseconds(ms)}`;
  if (step.kind === 'answer') return `${milliseconds(ms)} to respond`;
  return `open and silent for ${milliseconds(ms)}`;
}

/**
 * @param {ExchangeRecord} record
 * @param {number} ms
 * @returns {Row}
 */
function omittedRow({ omitted, steps }, ms) {
  const what = steps.some(({ kind }) => kind === 'frame') ? 'frame' : 'chunk';
  return { kind: 'omitted', ms, label: `${plural(omitted, `earlier ${what}`)} not shown, ${milliseconds(ms)}` };
}
