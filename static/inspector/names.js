// What is said of a step, of the way in which a message came, and of who sent it.

/** @import { ExchangeQuery, ExchangeRecord, Step } from '../shared/types.js' */

import { identity } from '../shared/identities.js';
import { plural } from '../shared/units.js';

/** @type {(step: Step, seq: number) => boolean} */
export const carries = (step, seq) => Boolean(step.message_bytes && step.messages?.includes(seq));

/**
 * What a step is, in a few words.
 * @param {Step} step
 */
export const stepName = (step) => (step.post ? `${step.post}, ${kindName(step)}` : kindName(step));

/** @param {Step} step */
function kindName(step) {
  if (step.kind === 'request') return requestLine(step);
  if (step.kind === 'answer') return step.head.split('\r\n', 1)[0].replace(/^HTTP\/\S+ /, '');
  return step.kind === 'frame' ? `${step.frame.name} frame` : `${step.event} chunk`;
}

/**
 * "message 43, text frame, 16 bytes of framing".
 * @param {Step} step that brings it
 * @param {number} seq
 */
export function carrierName(step, seq) {
  const others = step.messages.length - 1;
  const which = others ? `message ${seq} and ${plural(others, 'other')}` : `message ${seq}`;
  const what = step.kind === 'answer' ? `response ${stepName(step)}` : stepName(step);
  return `${which}, ${what}, ${plural(step.bytes - step.delivered_bytes, 'byte')} of framing`;
}

/**
 * As the second half of "message 43, …".
 * @param {ExchangeQuery} about
 */
export function wayName({ transport, history }) {
  if (transport !== null) return `over ${identity(transport).name}`;
  return history === 'older' ? 'with older messages' : 'with the first answer';
}

/**
 * Who sent it, as this page knows them: "This page", or a name.
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 */
export function senderName({ message }, { seen, isEarlier }) {
  if (seen.sentAt !== undefined && !isEarlier) return 'This page';
  return message?.display_name ?? 'Its author';
}

/**
 * The same within a sentence.
 * @param {string} sender
 */
export const senderInSentence = (sender) => (sender === 'This page' ? 'this page' : sender);

/**
 * Shortens a path: its middle and its query are of no use here.
 * @param {{ head: string }} step
 */
function requestLine({ head }) {
  const [method, target = ''] = head.split(' ', 2);
  const [path, query] = target.split('?');
  return `${method} …/${path.split('/').at(-1)}${query ? '?…' : ''}`;
}
