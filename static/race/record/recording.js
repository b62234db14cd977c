// A record that is kept: as JSON in a file, or packed into an address. What somebody hands in is not trusted:
// all of it is checked, and texts are shown as texts.

/** @import { LaneExchange, Outcome } from './lane-log.js' */
/** @import { Sent } from './record.js' */

import { Record } from './record.js';

const FORMAT = 'pushlab-race';
const VERSION = 1;
/** More would freeze the page that reads it. */
const MOST = 20_000;
const LONGEST_MS = 600_000;
/** Of an address: more than every browser and chat takes. */
const LONGEST_LINK = 6000;

/** @type {(Outcome | null)[]} */
const OUTCOMES = [null, 'message', 'empty', 'failed', 'closed'];

/** A message: body, due, posted, acknowledged, first, seq, refused; times in ms from the beginning, or null. */
/** @typedef {[string, number | null, number | null, number | null, number | null, number | null, 0 | 1]} PackedMessage */
/** An exchange: at, opened, ended, outcome (of OUTCOMES), whether it parks, the carried messages. */
/** @typedef {[number, number | null, number | null, number, 0 | 1, number[]]} PackedExchange */
/** A delivery: at, which message, whether it was pushed. */
/** @typedef {[number, number, 0 | 1]} PackedDelivery */

/** A change of line: at, the names of the line before and of the other one, `oneWay` of the one before. */
/** @typedef {[number, string, string, number]} PackedChange */

/** What is known of the race beside its record. */
/** @typedef {{ path: string, values: globalThis.Record<string, number>, madeAt: string }} About */

/**
 * @typedef {About & { format: string, version: number, length: number, oneWay: number, messages: PackedMessage[],
 *   changes?: PackedChange[], lanes: globalThis.Record<string, { exchanges: PackedExchange[], deliveries: PackedDelivery[] }> }} Recording
 */

/**
 * What `record` has from one instant to another.
 * @param {Record} record
 * @param {{ from: number, to: number }} span
 * @param {About} about
 * @returns {Recording}
 */
export function toRecording(record, { from, to }, about) {
  const packer = new Packer(from, to);
  const lanes = [...record.lanes].map(([slug, log]) => {
    const { exchanges, deliveries } = log.within(from, to);
    return [slug, { exchanges: exchanges.map((each) => packer.exchange(each)), deliveries: deliveries.map((each) => packer.delivery(each)) }];
  });
  for (const message of record.sent) {
    if (message.posted !== undefined && message.posted >= from && message.posted <= to) packer.indexOf(message);
  }
  const { messages } = packer;
  const length = packer.time(to) ?? 0;
  const changed = record.changes.filter(({ at }) => at >= from && at <= to);
  /** @type {PackedChange[]} */
  const changes = changed.map((each) => [hundredths(each.at - from), each.from, each.to, hundredths(each.oneWay)]);
  const path = changed.length ? [changed[0].from, ...changed.map((each) => each.to)].join(', then ') : about.path;
  const oneWay = hundredths(record.oneWay);
  return { format: FORMAT, version: VERSION, ...about, path, length, oneWay, messages, changes, lanes: Object.fromEntries(lanes) };
}

/** Numbers messages, and counts times from the beginning. */
class Packer {
  /** @type {PackedMessage[]} */
  messages = [];
  /** @type {Map<Sent, number>} */
  #indices = new Map();

  /**
   * @param {number} from
   * @param {number} to
   */
  constructor(from, to) {
    this.from = from;
    this.to = to;
  }

  /**
   * What has not happened by the end is not known.
   * @param {number | undefined} at
   */
  time(at) { return at === undefined || at > this.to ? null : hundredths(at - this.from); }

  /** @param {Sent} message */
  indexOf(message) {
    const known = this.#indices.get(message);
    if (known !== undefined) return known;
    const { body, due, posted, acknowledged, first, seq, isRefused } = message;
    const times = /** @type {const} */ ([this.time(due), this.time(posted), this.time(acknowledged), this.time(first)]);
    this.messages.push([body, ...times, seq ?? null, isRefused ? 1 : 0]);
    this.#indices.set(message, this.messages.length - 1);
    return this.messages.length - 1;
  }

  /**
   * @param {LaneExchange} exchange
   * @returns {PackedExchange}
   */
  exchange({ at, openedAt, endedAt, outcome, parks, carried }) {
    const isOver = endedAt !== undefined && endedAt <= this.to;
    const begin = Math.max(hundredths(at - this.from), -LONGEST_MS);
    return [begin, this.time(openedAt), this.time(endedAt), isOver ? OUTCOMES.indexOf(outcome ?? null) : 0, parks ? 1 : 0,
      isOver ? carried.map((message) => this.indexOf(message)) : []];
  }

  /**
   * @param {import('./lane-log.js').LaneDelivery} delivery
   * @returns {PackedDelivery}
   */
  delivery({ at, message, isPushed }) { return [hundredths(at - this.from), this.indexOf(message), isPushed ? 1 : 0]; }
}

const hundredths = (/** @type {number} */ ms) => Math.round(ms * 100) / 100;

/**
 * The record again. Throws an Error with a sentence where it is none.
 * @param {unknown} data
 */
export function fromRecording(data) {
  const recording = checked(data);
  const record = new Record(Object.keys(recording.lanes));
  const messages = recording.messages.map(unpackMessage);
  record.sent = messages.filter(({ posted }) => posted !== undefined);
  record.changes = (recording.changes ?? []).map(([at, from, to, oneWay]) => ({ at, from, to, oneWay }));
  for (const [slug, { exchanges, deliveries }] of Object.entries(recording.lanes)) {
    const log = record.lane(slug);
    log.oneWay = recording.oneWay;
    log.exchanges = exchanges.map((packed, number) => unpackExchange(packed, number, messages));
    log.deliveries = deliveries.map(([at, index, isPushed]) => ({ at, message: messages[index], isPushed: isPushed === 1 }));
  }
  return { record, recording };
}

/**
 * @param {PackedMessage} packed
 * @returns {Sent}
 */
function unpackMessage([body, due, posted, acknowledged, first, seq, isRefused]) {
  const [known, ...times] = [seq, due, posted, acknowledged, first].map((each) => each ?? undefined);
  return { body, seq: known, due: times[0], posted: times[1], acknowledged: times[2], first: times[3], isRefused: isRefused === 1 };
}

/**
 * @param {PackedExchange} packed
 * @param {number} number
 * @param {Sent[]} messages
 * @returns {LaneExchange}
 */
function unpackExchange([at, openedAt, endedAt, outcome, parks, carried], number, messages) {
  return {
    number, at, openedAt: openedAt ?? undefined, endedAt: endedAt ?? undefined, outcome: OUTCOMES[outcome] ?? undefined,
    parks: parks === 1, carried: carried.map((index) => messages[index]),
  };
}

/**
 * @param {any} data
 * @returns {Recording}
 */
function checked(data) {
  if (data?.format !== FORMAT) throw new Error('This is no recorded race.');
  if (data.version !== VERSION) throw new Error('This race was recorded by another version of pushlab.');
  const isTime = (/** @type {unknown} */ value) => typeof value === 'number' && Math.abs(value) <= LONGEST_MS;
  const isMaybeTime = (/** @type {unknown} */ value) => value === null || isTime(value);
  const isList = (/** @type {unknown} */ list) => Array.isArray(list) && list.length <= MOST;
  const { messages, lanes, length, oneWay, changes = [] } = data; // older ones have no changes
  const isIndex = (/** @type {unknown} */ value) => Number.isInteger(value) && messages[/** @type {number} */ (value)] !== undefined;
  const isMessage = (/** @type {any} */ each) => isList(each) && typeof each[0] === 'string' && each.slice(1, 5).every(isMaybeTime)
    && (each[5] === null || Number.isInteger(each[5]));
  const isExchange = (/** @type {any} */ each) => isList(each) && isTime(each[0]) && isMaybeTime(each[1]) && isMaybeTime(each[2])
    && isList(each[5]) && each[5].every(isIndex);
  const isDelivery = (/** @type {any} */ each) => isList(each) && isTime(each[0]) && isIndex(each[1]);
  const isChange = (/** @type {any} */ each) => isList(each) && isTime(each[0]) && typeof each[1] === 'string'
    && typeof each[2] === 'string' && isTime(each[3]);
  const isLane = (/** @type {any} */ lane) => isList(lane?.exchanges) && lane.exchanges.every(isExchange)
    && isList(lane.deliveries) && lane.deliveries.every(isDelivery);
  const isWhole = isTime(length) && length > 0 && isTime(oneWay) && isList(messages) && messages.every(isMessage)
    && isList(changes) && changes.every(isChange) && lanes && isList(Object.keys(lanes)) && Object.keys(lanes).length > 0 && Object.values(lanes).every(isLane);
  if (!isWhole) throw new Error('This recorded race is damaged.');
  return data;
}

/**
 * Packed for an address, or null where it is too long for one.
 * @param {Recording} recording
 */
export async function toLink(recording) {
  const packed = await through(new TextEncoder().encode(JSON.stringify(recording)), new CompressionStream('deflate-raw'));
  const text = btoa(String.fromCharCode(...packed.slice(0, LONGEST_LINK))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return packed.length > LONGEST_LINK ? null : text;
}

/**
 * @param {string} text
 * @returns {Promise<unknown>}
 */
export async function fromLink(text) {
  try {
    const packed = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(await through(packed, new DecompressionStream('deflate-raw'))));
  } catch {
    throw new Error('The address holds no whole recorded race: was it cut off?');
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} stream
 */
async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
