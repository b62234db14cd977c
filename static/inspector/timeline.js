// A record as what happened, in order: the sender, the server, this page. All times are the server's, in ms
// relative to the step that brought the message.

/** @import { ExchangeRecord, Happening, Place, Step } from '../shared/types.js' */

import { carries } from './names.js';
import { stampMs } from './times.js';

/**
 * @param {ExchangeRecord} record
 * @param {number} seq
 * @returns {Happening[]}
 */
export function timeline(record, seq) {
  const zero = record.began_at_ms + (record.steps.find((step) => carries(step, seq))?.at_ms ?? 0);
  const all = [
    ...storing(record, zero),
    ...record.steps.map((step) => happening(step, record.began_at_ms - zero, seq)),
    ...(record.post?.steps ?? []).map((step) => happening(step, (record.post?.began_at_ms ?? 0) - zero, seq)),
  ];
  // The sort is stable: what is sent comes before the stamp in the same microsecond.
  return folded(all.sort((a, b) => a.at - b.at || rank(a) - rank(b)), record);
}

/**
 * The steps of a stream before the one that brings the message, of which its author's own are none.
 * @param {ExchangeRecord} record
 * @param {number} seq
 */
export function earlierSteps({ steps }, seq) {
  const until = steps.findIndex((step) => carries(step, seq));
  return steps.slice(0, until).filter((step) => isStreamed(step) && !step.post);
}

/** @param {Step} step */
export const isStreamed = ({ kind }) => kind === 'chunk' || kind === 'frame';

/**
 * The stamp; and before it that somebody sent it, where no step is known that did.
 * @param {ExchangeRecord} record
 * @param {number} zero
 * @returns {Happening[]}
 */
function storing({ message, steps, post }, zero) {
  if (!message) return [];
  const at = stampMs(message.sent_at) - zero;
  const isKnown = [...steps, ...(post?.steps ?? [])].some((step) => step.post === 'draft');
  return isKnown ? [{ kind: 'stored', at }] : [{ kind: 'sent', at }, { kind: 'stored', at }];
}

/**
 * @param {Step} step
 * @param {number} from when its exchange began
 * @param {number} seq
 * @returns {Happening}
 */
function happening(step, from, seq) {
  /** @type {Place} */
  const client = step.post ? 'sender' : 'page';
  const isUp = step.way === 'up';
  return {
    kind: 'step', step, at: from + step.at_ms, carries: !step.post && carries(step, seq),
    from: isUp ? client : 'server', to: isUp ? 'server' : client,
  };
}

/** @param {Happening} happening */
const rank = ({ kind }) => ['sent', 'stored', 'earlier', 'step'].indexOf(kind);

/**
 * What a stream brought before the message is one line, run by run: its opening, and its steps.
 * @param {Happening[]} all in order
 * @param {ExchangeRecord} record
 */
function folded(all, { steps }) {
  if (!steps.some(isStreamed)) return all;
  const end = all.findIndex((each) => each.kind === 'step' && each.carries);
  /** @type {Happening[]} */
  const made = [];
  /** @type {Extract<Happening, { kind: 'step' }>[]} */
  let run = [];
  for (const [index, each] of all.entries()) {
    if (index < end && each.kind === 'step' && !each.step.post) {
      run.push(each);
      continue;
    }
    made.push(...line(run), each);
    run = [];
  }
  return made;
}

/**
 * @param {Extract<Happening, { kind: 'step' }>[]} run
 * @returns {Happening[]}
 */
function line(run) {
  if (!run.some(({ step }) => isStreamed(step))) return run;
  return [{ kind: 'earlier', at: run[0].at, until: run[run.length - 1].at, steps: run.map(({ step }) => step) }];
}
