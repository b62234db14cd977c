// The steps one by one: their text, and which part of it was the message.

/** @import { ExchangeRecord, ExchangeQuery, Step } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { exactBytes, milliseconds } from '../shared/units.js';
import { frameFields } from './frame.js';
import { messageShare } from './message-share.js';
import { carries, stepName } from './story.js';

/**
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 */
export function stepList(record, { seq }) {
  return element('ol', { className: 'inspector-steps plain' }, ...record.steps.map((step) => item(step, seq)));
}

/**
 * @param {Step} step
 * @param {number} seq
 */
function item(step, seq) {
  const isCarrier = carries(step, seq);
  const made = element('li', { className: 'inspector-step' }, title(step), sharePart(step, isCarrier), details(step, isCarrier));
  made.dataset.kind = step.kind;
  made.toggleAttribute('data-carries', isCarrier);
  return made;
}

/** @param {Step} step */
function title(step) {
  const way = step.way === 'up' ? '↑ to the server' : '↓ to this page';
  return element('h4', {}, element('span', {}, stepName(step)), ' ',
    element('span', { className: 'inspector-when' }, `${way} · ${exactBytes(step.bytes)} · at ${milliseconds(step.at_ms)}`));
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
  const made = element('details', { open: isCarrier || 'head' in step },
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
  const text = 'head' in step ? step.head : step.text;
  return [
    ...('frame' in step ? [frameFields(step.frame)] : []),
    ...(text ? [verbatim(text, LABELS[step.kind])] : []),
  ];
}

/**
 * @param {string} text
 * @param {string} label
 */
function verbatim(text, label) {
  const made = element('pre', { className: 'inspector-text', tabIndex: 0 }, text.replaceAll('\r\n', '\n').trimEnd());
  made.setAttribute('role', 'region');
  made.setAttribute('aria-label', label);
  return made;
}
