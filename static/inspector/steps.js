// The steps one by one, in the order of the story: to the server, there, to this page.

/** @import { ExchangeRecord, ExchangeQuery, Step } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { fullTime } from '../shared/time.js';
import { plural } from '../shared/units.js';
import { findRecord } from './find.js';
import { senderInSentence, senderName } from './names.js';
import { stepItem } from './step.js';
import { earlierSteps } from './timeline.js';
import { relativeTime, stampMs } from './times.js';

/**
 * `grown` gets the record with the steps that are shown, once the reader has opened the earlier ones.
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 * @param {(shown: ExchangeRecord) => void} grown
 */
export function stepParts(record, about, grown) {
  return [
    part('inspector-to-server', `From ${senderInSentence(senderName(record, about))} to the server`, toServer(record, about)),
    part('inspector-stored', 'On the server', stored(record, about)),
    part('inspector-to-page', 'From the server to this page', [toPage(record, about, grown)]),
  ];
}

/**
 * @param {string} className
 * @param {string} title
 * @param {(Node | string)[]} content
 */
const part = (className, title, content) => element('section', { className }, element('h3', {}, title), ...content);

/**
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 */
function toServer(record, about) {
  const own = record.steps.filter(({ post }) => post).map((step) => stepItem(step, timesOf(record, about), { isOfExchange: true }));
  const { post } = record;
  const others = (post?.steps ?? []).map((step) => stepItem(step, timesOf(record, about, post?.began_at_ms), { isOfExchange: false }));
  if (own.length + others.length) return [element('ol', { className: 'inspector-steps plain' }, ...own, ...others)];
  return [element('p', { className: 'inspector-unrecorded' }, whyUnknown(record, about))];
}

/**
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 */
function whyUnknown({ message }, { seen, as }) {
  if (seen.sentAt !== undefined) return 'This page sent it. The server has no record of that, or no longer.';
  if (!message) return 'The server has no record of how it was sent.';
  if (message.author === as) return 'You sent it. The server has no record of that, or no longer.';
  return `${message.display_name} (@${message.author}) sent it. What their client sent is shown to them alone.`;
}

/**
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 */
function stored(record, { seq }) {
  const { message } = record;
  if (!message) return [element('p', {}, `It is message ${seq}.`)];
  const at = relativeTime(stampMs(message.sent_at) - zeroOf(record, seq));
  const when = element('span', { className: 'inspector-at' }, `at ${at}`);
  return [element('p', {}, `Stored as message ${seq} of /${message.room}, with the stamp ${message.sent_at} `
    + `(${fullTime(new Date(message.sent_at))}), `, when, '.')];
}

/**
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 * @param {(all: ExchangeRecord) => void} grown
 */
function toPage(record, about, grown) {
  const earlier = earlierSteps(record, about.seq);
  const times = timesOf(record, about);
  const items = record.steps.filter((step) => !step.post && !earlier.includes(step))
    .map((step) => ({ step, item: stepItem(step, times, { isOfExchange: true }) }));
  const opening = items.filter(({ step }) => 'head' in step).map(({ item }) => item);
  const rest = items.filter(({ step }) => !('head' in step)).map(({ item }) => item);
  const fold = earlier.length + record.omitted ? [foldOf(earlier, record, about, grown)] : [];
  return element('ol', { className: 'inspector-steps plain' }, ...opening, ...fold, ...rest);
}

/**
 * What the stream brought before, behind a summary; what is left out of the record is asked for then.
 * @param {Step[]} earlier
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 * @param {(all: ExchangeRecord) => void} grown
 */
function foldOf(earlier, record, about, grown) {
  const what = record.steps.some(({ kind }) => kind === 'frame') ? 'frame' : 'chunk';
  const list = element('ol', { className: 'inspector-steps plain' }, ...itemsOf(earlier, record, about));
  const note = element('p', { className: 'inspector-forgotten', role: 'status' }, forgotten(record, what));
  const fold = element('details', { className: 'inspector-earlier' },
    element('summary', {}, plural(earlier.length + record.omitted, `earlier ${what}`)), note, list);
  const fill = () => findRecord(about, { all: true }).then((all) => {
    const found = earlierSteps(all, about.seq);
    list.replaceChildren(...itemsOf(found, all, about));
    note.textContent = forgotten(all, what);
    // What has come since is not shown.
    grown({ ...all, steps: [...found, ...record.steps.filter((step) => !earlier.includes(step))] });
  }, ({ message }) => { note.textContent = `The others could not be had. ${message}`; });
  if (record.omitted > record.forgotten) fold.addEventListener('toggle', fill, { once: true });
  return element('li', {}, fold);
}

/** @type {(steps: Step[], record: ExchangeRecord, about: ExchangeQuery) => HTMLElement[]} */
const itemsOf = (steps, record, about) => steps.map((step) => stepItem(step, timesOf(record, about), { isOfExchange: true }));

/** @type {(record: ExchangeRecord, what: string) => string} */
const forgotten = (record, what) => (record.forgotten ? `The server has forgotten ${plural(record.forgotten, what)} before these.` : '');

/**
 * @param {ExchangeRecord} record
 * @param {number} seq
 */
const zeroOf = ({ began_at_ms: began, steps }, seq) => began + (steps.find(({ message_bytes: size, messages, post }) => (
  size && !post && messages.includes(seq)))?.at_ms ?? 0);

/**
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 */
const timesOf = (record, { seq }, began = record.began_at_ms) => ({
  seq, timeOf: (/** @type {Step} */ step) => relativeTime(began + step.at_ms - zeroOf(record, seq)),
});
