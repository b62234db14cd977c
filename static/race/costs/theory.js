// What theory predicts of each transport: the mean delay from when a message is due until it is received, and
// the bytes of the application that a message costs, both ways. The models are those of docs/MEASUREMENT.md,
// with the way to the server added; a test holds them against the lab's.
//
// Inputs: `rate` λ in messages a second, `interval` T and `wait` M in seconds, `oneWay` d in ms, `sizes`.

/** What bytes are counted from: header sections and a message, in bytes. */
/** @typedef {{ request: number, emptyResponse: number, fullResponse: number, message: number }} Sizes */

/** @typedef {{ rate: number, interval: number, wait: number, oneWay: number, sizes: Sizes | null }} Inputs */

/** `delay` in ms, `bytes` and `requests` of a message; the formulas with their values. */
/**
 * @typedef {object} Prediction
 * @property {number} delay
 * @property {number} [bytes] undefined while the sizes are not known
 * @property {number} requests
 * @property {string} delayFormula
 * @property {string} bytesFormula
 */

import { duration } from '../../shared/units.js';

const LIST_FRAMING = 23; // {"messages":[ and ],"head": and }
const SEPARATOR = 1;
const FRAME_JSON = 12; // {"message":}
const [SHORT_FRAME, LONG_FRAME, IN_ONE_BYTE] = [2, 4, 125];
const EVENT_LINES = 13; // id: and data: with their line ends
const CHUNK_ENDS = 4;
/** About as long as a message's number is. */
const DIGITS = 2;
const HEARTBEAT_S = 15;
const [PING_AND_PONG, COMMENT] = [8, 8];
/** ` &wait=25` */
const WAIT_QUERY = 8;

/** @type {Record<string, (inputs: Inputs) => Prediction>} */
const MODELS = {
  short_poll: shortPoll,
  long_poll: longPoll,
  sse: (inputs) => push(inputs, eventFraming, COMMENT),
  websocket: (inputs) => push(inputs, frameFraming, PING_AND_PONG),
};

/**
 * Undefined of a transport without a model.
 * @param {string} slug
 * @param {Inputs} inputs
 * @returns {Prediction | undefined}
 */
export const predict = (slug, inputs) => MODELS[slug]?.(inputs);

/** @param {Inputs} inputs */
function shortPoll({ rate, interval, oneWay, sizes }) {
  const d = oneWay / 1000;
  const cycle = interval + 2 * d;
  const perMessage = 1 / (rate * cycle);
  const empty = Math.exp(-rate * cycle);
  const delay = 3 * oneWay + (interval * 1000) / 2;
  return {
    delay,
    requests: perMessage,
    delayFormula: `3d + T/2 = 3 × ${duration(oneWay)} + ${duration(interval * 1000)} / 2 = ${duration(delay)}`,
    ...bytesOfPolls({ perMessage, empty, sizes, request: sizes?.request ?? 0 }),
  };
}

/** @param {Inputs} inputs */
function longPoll({ rate, wait, oneWay, sizes }) {
  const gap = (2 * oneWay) / 1000;
  const none = Math.exp(-rate * gap);
  const parked = (none * (1 - Math.exp(-rate * wait))) / rate;
  const prompt = parked / (gap + parked);
  const perMessage = 1 / (rate * (gap + parked));
  const empty = Math.exp(-rate * (gap + wait));
  const delay = 2 * oneWay + ((1 - prompt) * gap * 1000) / 2;
  return {
    delay,
    requests: perMessage,
    delayFormula: `2d + (1 − π₀) × G/2, where G = 2d = ${duration(gap * 1000)} and π₀ = ${prompt.toFixed(2)} find a poll parked: ${duration(delay)}`,
    ...bytesOfPolls({ perMessage, empty, sizes, request: (sizes?.request ?? 0) + WAIT_QUERY }),
  };
}

/**
 * @param {{ perMessage: number, empty: number, sizes: Sizes | null, request: number }} polls
 */
function bytesOfPolls({ perMessage, empty, sizes, request }) {
  if (!sizes) return { bytesFormula: '' };
  const full = sizes.fullResponse + LIST_FRAMING + DIGITS - SEPARATOR;
  const each = request + empty * sizes.emptyResponse + (1 - empty) * full;
  const bytes = perMessage * each + sizes.message + SEPARATOR;
  return {
    bytes,
    bytesFormula: `${perMessage.toPrecision(2)} polls a message × ${Math.round(each)} B + ${Math.round(sizes.message)} B = ${Math.round(bytes)} B`,
  };
}

/**
 * @param {Inputs} inputs
 * @param {(message: number) => number} framing
 * @param {number} heartbeat in bytes
 */
function push({ rate, oneWay, sizes }, framing, heartbeat) {
  const delay = 2 * oneWay;
  const prediction = { delay, requests: 0, delayFormula: `2d = 2 × ${duration(oneWay)} = ${duration(delay)}` };
  if (!sizes) return { ...prediction, bytesFormula: '' };
  const around = framing(sizes.message);
  const beats = heartbeat / (HEARTBEAT_S * rate);
  const bytes = sizes.message + around + beats;
  const text = `${Math.round(sizes.message)} B + ${around} B around it + ${beats.toPrecision(2)} B of heartbeats = ${Math.round(bytes)} B`;
  return { ...prediction, bytes, bytesFormula: text };
}

/** @param {number} message */
function frameFraming(message) {
  return FRAME_JSON + (message + FRAME_JSON <= IN_ONE_BYTE ? SHORT_FRAME : LONG_FRAME);
}

/** @param {number} message */
function eventFraming(message) {
  const block = EVENT_LINES + DIGITS;
  return block + Math.floor(message + block).toString(16).length + CHUNK_ENDS;
}
