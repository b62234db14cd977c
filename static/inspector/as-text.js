// A record as text: what crossed the sockets, step by step, as the server recorded it.

/** @import { ExchangeRecord, ExchangeQuery, Step } from '../shared/types.js' */

import { exactBytes } from '../shared/units.js';
import { carrierName, stepName, wayName } from './names.js';
import { timeline } from './timeline.js';
import { relativeTime } from './times.js';

/**
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 */
export function asText(record, about) {
  const { seq, room } = about;
  const head = [
    `How message ${seq} of /${room} got here: ${wayName(about)}.`,
    'Times are the server’s, from what brought the message. Values of cookies are hidden.',
  ].join('\n');
  const rows = timeline(record, seq).flatMap((each) => {
    if (each.kind === 'sent') return [];
    if (each.kind === 'stored') return [`== ${relativeTime(each.at)}  stored as message ${seq}, stamp ${record.message?.sent_at}`];
    if (each.kind === 'earlier') return each.steps.map((step) => stepText(step, each.at + step.at_ms - each.steps[0].at_ms, stepName(step)));
    return [stepText(each.step, each.at, each.carries ? carrierName(each.step, seq) : stepName(each.step))];
  });
  const left = record.omitted ? [`(${record.omitted} earlier steps of the stream are not here.)`] : [];
  return `${[head, ...left, ...rows].join('\n\n')}\n`;
}

/**
 * @param {Step} step
 * @param {number} at
 * @param {string} name
 */
function stepText(step, at, name) {
  const way = step.way === 'up' ? 'to the server' : 'from the server';
  const who = step.post ? 'its author: ' : '';
  const header = 'frame' in step ? `frame header ${step.frame.first_bytes}\n` : '';
  const content = 'head' in step ? `${step.head}${step.text}` : step.text;
  return `== ${relativeTime(at)}  ${who}${way}, ${exactBytes(step.bytes)}: ${name}\n${header}${content.replaceAll('\r\n', '\n').trimEnd()}`;
}
