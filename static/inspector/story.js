// A timeline as a sequence of rows, which the diagram draws and its text alternative lists.
//
//   { kind: 'arrow', at, from, to, label, carries, isKnown, page }
//                                      something went from one to another; `page` is what this page's own
//                                      clock adds to it, or ''. Not known: that it was sent, but not how
//   { kind: 'point', at, label }       the server did something
//   { kind: 'gap', label, where }      nothing was sent
//   { kind: 'earlier', at, label }     what a stream brought before

/** @import { ExchangeRecord, ExchangeQuery, Happening, Row, Seen } from '../shared/types.js' */

import { exactBytes, plural } from '../shared/units.js';
import { transportOf } from '../transports/index.js';
import { carrierName, senderName, stepName } from './names.js';
import { earlierSteps, isStreamed, timeline } from './timeline.js';
import { duration, relativeTime } from './times.js';

/** A server that responds at once does so within this; longer is a wait, and drawn. */
const WAIT_MS = 10;

/**
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 * @returns {Row[]}
 */
export function story(record, about) {
  const all = timeline(record, about.seq);
  return all.flatMap((each, index) => [...gapBefore(all, index, about), rowOf(each, record, about)]);
}

/**
 * @param {Happening} happening
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 * @returns {Row}
 */
function rowOf(happening, record, about) {
  const { at } = happening;
  if (happening.kind === 'stored') return { kind: 'point', at, label: `stored as message ${about.seq}` };
  if (happening.kind === 'earlier') return { kind: 'earlier', at, label: earlierLabel(happening, record, about) };
  if (happening.kind === 'sent') return sentRow(record, about);
  const { step, from, to, carries } = happening;
  const name = carries ? carrierName(step, about.seq) : `${stepName(step)}, ${exactBytes(step.bytes)}`;
  return { kind: 'arrow', at, from, to, carries, isKnown: true, label: name, page: pageTime(happening, about.seen) };
}

/**
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 * @returns {Row}
 */
function sentRow(record, about) {
  const name = senderName(record, about);
  const label = name === 'This page' ? 'sent by this page, not recorded' : `sent by ${name}: how, only they can see`;
  const page = sentTime(about.seen);
  return { kind: 'arrow', at: null, from: 'sender', to: 'server', carries: false, isKnown: false, label, page };
}

/**
 * @param {Extract<Happening, { kind: 'earlier' }>} happening
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 */
function earlierLabel({ steps }, record, { seq }) {
  const all = earlierSteps(record, seq);
  const shown = all.filter((step) => steps.includes(step));
  // What is left out came before all that is there.
  const omitted = shown[0] === all[0] ? record.omitted : 0;
  const what = record.steps.some(({ kind }) => kind === 'frame') ? 'frame' : 'chunk';
  const opening = steps.find(({ kind }) => kind === 'request');
  const count = `${plural(shown.length + omitted, `earlier ${what}`)}`;
  return opening ? `${stepName(opening)} opened it; ${count}` : count;
}

/**
 * This page's clock, relative to when the message was here.
 * @param {Extract<Happening, { kind: 'step' }>} happening
 * @param {Seen} seen
 */
function pageTime({ step, carries }, seen) {
  if (seen.at === undefined) return '';
  if (carries) return 'here at 0 by this page’s clock';
  if (step.post === 'draft') return sentTime(seen);
  const isRequest = step.kind === 'request' && !step.post;
  return isRequest && seen.asked !== undefined ? `asked at ${relativeTime(seen.asked - seen.at)} by this page’s clock` : '';
}

/** @param {Seen} seen */
const sentTime = ({ at, sentAt }) => (at === undefined || sentAt === undefined ? ''
  : `sent at ${relativeTime(sentAt - at)} by this page’s clock`);

/**
 * @param {Happening[]} all
 * @param {number} index
 * @param {ExchangeQuery} about
 * @returns {Row[]}
 */
function gapBefore(all, index, about) {
  const [previous, next] = [all[index - 1], all[index]];
  if (!previous) return [];
  const ms = next.at - (previous.kind === 'earlier' ? previous.until : previous.at);
  if (ms <= WAIT_MS) return [];
  const isParked = isOpen(all.slice(0, index)) && about.transport !== null && transportOf(about.transport).parks;
  return [{ kind: 'gap', label: gapLabel(next, ms, isParked), where: isParked ? 'server' : 'page' }];
}

/**
 * Whether a poll of this page waits for its response.
 * @param {Happening[]} before
 */
const isOpen = (before) => before.some((each) => each.kind === 'step' && each.from === 'page' && each.step.kind === 'request')
  && !before.some((each) => each.kind === 'step' && each.to === 'page');

/**
 * @param {Happening} next
 * @param {number} ms
 * @param {boolean} isParked
 */
function gapLabel(next, ms, isParked) {
  if (isParked) return `the poll is parked for ${duration(ms)}`;
  const step = next.kind === 'step' ? next.step : null;
  if (step?.kind === 'request' && next.kind === 'step' && next.from === 'page') return `waits ${duration(ms)} until this page asks`;
  if (step?.kind === 'answer') return `${duration(ms)} to respond`;
  return step && isStreamed(step) ? `open and silent for ${duration(ms)}` : `silent for ${duration(ms)}`;
}
