// Whether something is a recorded race, whoever has made it: its shape, and that it is small enough to be read.

/** @import { Recording } from './recording.js' */

export const FORMAT = 'pushlab-race';
export const VERSION = 1;
/** More would freeze the page that reads it. */
const MOST = 20_000;
const MOST_LANES = 8;
const LONGEST_TEXT = 4000;
export const LONGEST_MS = 600_000;

/** @typedef {(value: any) => boolean} Is */

/** @type {Is} */
const isTime = (value) => typeof value === 'number' && Math.abs(value) <= LONGEST_MS;
/** @type {Is} */
const isMaybeTime = (value) => value === null || isTime(value);
/** @type {Is} */
const isText = (value) => typeof value === 'string' && value.length <= LONGEST_TEXT;
/** @type {(value: any, is: Is) => boolean} */
const isListOf = (value, is) => Array.isArray(value) && value.length <= MOST && value.every(is);
/** @type {(list: any[]) => boolean} */
const isInOrder = (list) => list.every((each, index) => index === 0 || list[index - 1][0] <= each[0]);
/** @type {Is} */
const isMessage = (each) => Array.isArray(each) && isText(each[0]) && each.slice(1, 5).every(isMaybeTime)
  && (each[5] === null || Number.isInteger(each[5]));
/** @type {Is} */
const isChange = (each) => Array.isArray(each) && isTime(each[0]) && isText(each[1]) && isText(each[2]) && isTime(each[3]);

/**
 * The data itself. Throws an Error with a sentence where it is no recorded race.
 * @param {any} data
 * @returns {Recording}
 */
export function checked(data) {
  if (data?.format !== FORMAT) throw new Error('This is no recorded race.');
  if (data.version !== VERSION) throw new Error('This race was recorded by another version of pushlab.');
  const { messages, changes = [], path, madeAt, length, oneWay } = data; // older ones have no changes
  const isWhole = isText(path) && isText(madeAt) && isTime(length) && length > 0 && isTime(oneWay) && oneWay >= 0
    && isListOf(messages, isMessage) && isListOf(changes, isChange) && areLanes(data.lanes, messages.length);
  if (!isWhole) throw new Error('This recorded race is damaged.');
  return data;
}

/**
 * @param {any} lanes
 * @param {number} count of messages
 */
function areLanes(lanes, count) {
  const names = Object.keys(lanes ?? {});
  const areNamed = names.length > 0 && names.length <= MOST_LANES && names.every((name) => /^[a-z_]{1,32}$/.test(name));
  return areNamed && Object.values(lanes).every((lane) => isLane(lane, count));
}

/**
 * @param {any} lane
 * @param {number} count of messages
 */
function isLane(lane, count) {
  /** @type {Is} */
  const isIndex = (value) => Number.isInteger(value) && value >= 0 && value < count;
  /** @type {Is} */
  const isExchange = (each) => Array.isArray(each) && each.slice(0, 1).every(isTime) && each.slice(1, 3).every(isMaybeTime)
    && isListOf(each[5], isIndex);
  /** @type {Is} */
  const isDelivery = (each) => Array.isArray(each) && isTime(each[0]) && isIndex(each[1]);
  return isListOf(lane?.exchanges, isExchange) && isInOrder(lane.exchanges) && isListOf(lane.deliveries, isDelivery)
    && isInOrder(lane.deliveries);
}
