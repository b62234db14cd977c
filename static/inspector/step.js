// One step: its text, and which part of it was the message.

/** @import { Step } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { exactBytes } from '../shared/units.js';
import { frameFields } from './frame.js';
import { messageShare } from './message-share.js';
import { carrierName, carries, stepName } from './names.js';

/** Which message is asked for, and when a step was. @typedef {{ seq: number, timeOf: (step: Step) => string }} Times */

/**
 * `isOfExchange`: whether it belongs to the exchange that brought the message.
 * @param {Step} step
 * @param {Times} times
 * @param {{ isOfExchange: boolean }} where
 */
export function stepItem(step, times, { isOfExchange }) {
  const isCarrier = isOfExchange && !step.post && carries(step, times.seq);
  const share = step.post ? [] : [sharePart(step, isCarrier)];
  const made = element('li', { className: 'inspector-step' }, title(step, times, { isOfExchange, isCarrier }), ...share, details(step, isCarrier));
  made.dataset.kind = step.kind;
  if (step.post) made.dataset.post = step.post;
  made.toggleAttribute('data-carries', isCarrier);
  return made;
}

/**
 * @param {Step} step
 * @param {Times} times
 * @param {{ isOfExchange: boolean, isCarrier: boolean }} what
 */
function title(step, { seq, timeOf }, { isOfExchange, isCarrier }) {
  const whose = step.post ? 'its author' : 'this page';
  const way = step.way === 'up' ? '↑ to the server' : `↓ to ${whose}`;
  const name = isCarrier ? carrierName(step, seq) : stepName(step);
  const when = element('span', { className: isOfExchange ? 'inspector-when' : 'inspector-when-posted' },
    `${way} · ${exactBytes(step.bytes)} · at `, element('span', { className: 'inspector-at' }, timeOf(step)));
  return element('h4', {}, element('span', { className: 'inspector-name' }, name), ' ', when);
}

/**
 * @param {Step} step
 * @param {boolean} isCarrier
 */
function sharePart(step, isCarrier) {
  return messageShare(isCarrier ? step.message_bytes : 0, step.bytes, isCarrier ? step.messages.length - 1 : 0);
}

/**
 * Open where the message is, and where the beginning is; a list of many others is easier to read shut.
 * @param {Step} step
 * @param {boolean} isCarrier
 */
function details(step, isCarrier) {
  const made = element('details', { open: isCarrier || ('head' in step && !step.post) },
    element('summary', {}, summary(step)), ...content(step));
  return made;
}

/** @param {Step} step */
function summary(step) {
  if (step.kind === 'frame') return `Header ${exactBytes(step.frame.header_bytes)}, payload ${exactBytes(step.frame.length)}`;
  if (step.kind === 'chunk') return `Framing ${exactBytes(step.framing_bytes)}, text ${exactBytes(step.bytes - step.framing_bytes)}`;
  return `Header section ${exactBytes(step.bytes - step.body_bytes)}, body ${exactBytes(step.body_bytes)}`;
}

const LABELS = { request: 'Request header section', answer: 'Response header section', chunk: 'Text of the event stream', frame: 'Payload' };

/** @param {Step} step */
function content(step) {
  // The body of a response is long, and beside the point: the exports have it. A draft is short.
  const text = 'head' in step ? `${step.head}${step.kind === 'request' ? step.text : ''}` : step.text;
  return [
    ...('frame' in step ? [frameFields(step.frame)] : []),
    ...(text ? [verbatim(text, step)] : []),
  ];
}

/**
 * @param {string} text
 * @param {Step} step
 */
function verbatim(text, { kind, post }) {
  const className = post ? 'inspector-bytes' : 'inspector-bytes inspector-text';
  const made = element('pre', { className, tabIndex: 0 }, text.replaceAll('\r\n', '\n').trimEnd());
  made.setAttribute('role', 'region');
  made.setAttribute('aria-label', post ? `${LABELS[kind]}, of its author` : LABELS[kind]);
  return made;
}
