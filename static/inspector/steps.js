// The steps one by one: what was said, what of it was the message.

import { element } from '../shared/dom.js';
import { frameFields } from './frame.js';
import { messageShare } from './message-share.js';
import { carries, stepName } from './story.js';
import { exactBytes, milliseconds } from '../shared/units.js';

export function stepList(record, { seq }) {
  return element('ol', { className: 'inspector-steps plain' }, ...record.steps.map((step) => item(step, seq)));
}

function item(step, seq) {
  const isCarrier = carries(step, seq);
  const made = element('li', { className: 'inspector-step' }, title(step), sharePart(step, isCarrier), details(step, isCarrier));
  made.dataset.kind = step.kind;
  made.toggleAttribute('data-carries', isCarrier);
  return made;
}

function title(step) {
  const way = step.way === 'up' ? '↑ to the server' : '↓ to this page';
  return element('h4', {}, element('span', {}, stepName(step)), ' ',
    element('span', { className: 'inspector-when' }, `${way} · ${exactBytes(step.bytes)} · at ${milliseconds(step.at_ms)}`));
}

function sharePart(step, isCarrier) {
  return messageShare(isCarrier ? step.message_bytes : 0, step.bytes, isCarrier ? step.messages.length - 1 : 0);
}

/** Open where the message is, and where the beginning is; a list of many others is easier to read shut. */
function details(step, isCarrier) {
  const made = element('details', { open: isCarrier || step.head !== undefined },
    element('summary', {}, summary(step)), ...content(step));
  return made;
}

function summary(step) {
  if (step.kind === 'frame') return `Header ${exactBytes(step.frame.header_bytes)}, payload ${exactBytes(step.frame.length)}`;
  if (step.kind === 'chunk') return `Framing ${exactBytes(step.framing_bytes)}, text ${exactBytes(step.bytes - step.framing_bytes)}`;
  return `Head ${exactBytes(step.bytes - step.body_bytes)}, body ${exactBytes(step.body_bytes)}`;
}

function content(step) {
  const label = { request: 'Request head', answer: 'Response head', chunk: 'Text of the event stream', frame: 'Payload' }[step.kind];
  const text = step.head ?? step.text;
  return [step.frame && frameFields(step.frame), text && verbatim(text, label)].filter(Boolean);
}

function verbatim(text, label) {
  const made = element('pre', { className: 'inspector-text', tabIndex: 0 }, text.replaceAll('\r\n', '\n').trimEnd());
  made.setAttribute('role', 'region');
  made.setAttribute('aria-label', label);
  return made;
}
