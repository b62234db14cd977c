// The server's record of an exchange, as the dialog shows it.

/** @import { ExchangeRecord, ExchangeQuery, Step } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { colourWith } from '../shared/identities.js';
import { exactBytes, plural } from '../shared/units.js';
import { diagram } from './diagram.js';
import { exportPart } from './exports.js';
import { messageShare } from './message-share.js';
import { carries, senderName } from './names.js';
import { ownTimes } from './own-times.js';
import { stepParts } from './steps.js';
import { story } from './story.js';

/**
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 */
export function recordParts(record, about) {
  const { transport } = about;
  const sender = senderName(record, about);
  let sum = total(record, about);
  const steps = stepParts(record, about, (all) => {
    const anew = total(all, about);
    sum.replaceWith(anew);
    sum = anew;
  });
  const parts = element('div', { className: 'inspector-parts' }, ...steps);
  return [
    diagram(story(record, about), { transport, sender }),
    ownTimes(about),
    sum,
    transport === null ? parts : colourWith(parts, transport),
    exportPart(record, about),
    sources(record),
  ];
}

/**
 * The whole exchange; of a stream, what is shown of it.
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 */
function total({ steps, omitted }, { seq, transport }) {
  const sum = (/** @type {(step: Step) => number} */ of) => steps.reduce((total, step) => total + of(step), 0);
  const carrier = steps.find((step) => carries(step, seq));
  const up = sum(({ way, bytes: count }) => (way === 'up' ? count : 0));
  const all = sum((step) => step.bytes);
  const shown = omitted ? `The steps shown here (without the ${omitted} left out)` : 'The exchange that brought it';
  const heading = element('h3', {}, `${shown}: ${exactBytes(up)} up, ${exactBytes(all - up)} down`);
  const part = messageShare(carrier?.message_bytes ?? 0, all, (carrier?.messages.length ?? 1) - 1);
  const made = element('section', { className: 'inspector-total' }, heading, part);
  return transport === null ? made : colourWith(made, transport);
}

/** @param {ExchangeRecord} record */
function sources({ connection, server, steps }) {
  const where = server ? `, server ${server}` : '';
  const sentences = [
    `The server recorded what crossed its socket (connection ${connection}${where}), for this session alone: `
      + `${plural(steps.length, 'step')}, bytes counted at the socket, before TCP and IP add their headers.`,
    '“Message” is the message’s JSON as it is delivered. Everything else counts as overhead, the draft on its way up too.',
    'Of a message of somebody else, the server tells its stamp and its author: what their client sent is recorded for them alone.',
    'Behind a proxy it sees what the proxy sends, not what this browser sends. It keeps some 64 KiB of a connection, and only while one of your pages shows its meters.',
    'Cookie values are hidden by the server; their lengths are counted.',
  ];
  return element('section', { className: 'inspector-sources' },
    element('h3', {}, 'Where these figures come from'), ...sentences.map((sentence) => element('p', {}, sentence)));
}
