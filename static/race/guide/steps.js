// The guided opening: one message, four transports, a sentence a step. It is told of a recorded race, and every
// number in it comes from there.

/** @import { Record, Sent } from '../record/record.js' */

import { identity } from '../../shared/identities.js';
import { duration } from '../../shared/units.js';

/**
 * A step: what is said, which lanes it is about (none: all), what is played, and how much of time is shown.
 * @typedef {{ text: string, about: string[], from: number, until: number, span: number }} Step
 */

/** Around what a step is about, so that it is not at the edge. */
const MARGIN_MS = 12;

/**
 * @param {Record} record
 * @param {number} length of the recording, in ms
 * @returns {Step[]}
 */
export function stepsOf(record, length) {
  const message = record.sent[0];
  const { posted = 0, acknowledged = posted } = message;
  const trip = acknowledged - posted;
  const at = (/** @type {string} */ slug) => arrival(record, slug, message);
  const took = (/** @type {string} */ slug) => duration(at(slug) - posted);
  const name = (/** @type {string} */ slug) => identity(slug).name;
  const gapEnd = at('long_poll') + 2 * record.oneWay;
  const near = { from: posted - MARGIN_MS, span: Math.max(3.2 * trip, 60) };
  return [
    { text: 'Does a chat keep asking the server for changes? Here one message comes in four ways. In each lane the server is above and this browser below; time runs to the right.',
      about: [], from: Math.max(0, posted - 1500), until: posted - MARGIN_MS, span: 2500 },
    { text: `Somebody sends one message. The post goes up to the server, the same in all four lanes: ${duration(trip)} there and back. How long each way takes a browser cannot know, so both are drawn halfway, and dashed.`,
      about: [], ...near, until: posted + trip / 2 },
    { text: `${name('websocket')}: a connection stands open, for both directions. The server writes the message into it at once. ${took('websocket')} after it was sent, it is here.`,
      about: ['websocket'], ...near, until: at('websocket') + MARGIN_MS },
    { text: `${name('sse')}: a response that never ends. The server appends the message to it: ${took('sse')}. To a reader that is as good as the socket; only, nothing goes up on it.`,
      about: ['sse'], ...near, until: at('sse') + MARGIN_MS },
    { text: `${name('long_poll')}: the browser had asked, and the server kept the request until it had something to say: ${took('long_poll')}. But now the browser must ask again. A message that comes in this gap has to wait for it.`,
      about: ['long_poll'], ...near, span: near.span * 1.25, until: gapEnd + MARGIN_MS },
    { text: `${name('short_poll')}: the browser asks on a schedule. The message lies at the server until it asks the next time: ${took('short_poll')}, most of it waiting.`,
      about: ['short_poll'], from: posted - MARGIN_MS, until: at('short_poll') + 60, span: (at('short_poll') - posted) * 1.4 },
    { text: `And while nobody writes? ${name('short_poll')} asks on, and is told nothing, again and again. The other three are still: their question, or their connection, is already there.`,
      about: [], from: at('short_poll'), until: length, span: length },
    { text: 'Now you: write a message, or start a stream and see what becomes of the four. First guess how late a message comes over each, and how many bytes it takes: Delay and cost.',
      about: [], from: length, until: length, span: length },
  ];
}

/**
 * When `slug` brought the message.
 * @param {Record} record
 * @param {string} slug
 * @param {Sent} message
 */
function arrival(record, slug, message) {
  return record.lanes.get(slug)?.deliveries.find((delivery) => delivery.message === message)?.at ?? 0;
}
