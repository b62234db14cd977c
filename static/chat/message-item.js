// One message as an element: who, what, when, and whether it has been sent.

/** @import { Message, MessageItem, Shown } from '../shared/types.js' */

import { avatar } from '../shared/avatar.js';
import { $, element, setAttribute } from '../shared/dom.js';
import { clockTime, fullTime } from '../shared/time.js';
import { richText } from './rich-text.js';

/** @typedef {'sending' | 'waiting' | 'sent' | 'failed'} SendingState */

/** @type {Record<SendingState, string>} */
const STATES = { sending: 'Sending…', waiting: 'Not sent yet', sent: '', failed: 'Not sent' };

/**
 * `me` is the account that reads it.
 * @param {Shown} message
 * @param {string} me
 * @returns {MessageItem}
 */
export function messageItem(message, me) {
  const item = /** @type {MessageItem} */ (element('li', { className: 'message', role: 'article' },
    avatar(message.author, message.display_name), byline(message), bubble(message, me)));
  setAttribute(item, 'data-own', message.author === me);
  item.sender = message.author;
  setTime(item, message);
  return item;
}

/**
 * Turns a draft's element into that of the stored message, or marks a new one.
 * @param {MessageItem} item
 * @param {Message} message
 */
export function markConfirmed(item, message) {
  item.removeAttribute('data-key');
  item.dataset.seq = String(message.seq);
  setTime(item, message);
  setState(item, 'sent');
}

/**
 * @param {MessageItem} item
 * @param {SendingState} state
 */
export function setState(item, state) {
  item.dataset.state = state;
  $('.state', item).textContent = STATES[state];
  item.querySelector('.unsent')?.remove();
}

/**
 * Not sent yet: why, and a button that takes it back.
 * @param {MessageItem} item
 * @param {string} reason
 * @param {() => void} withdraw
 */
export function setWaiting(item, reason, withdraw) {
  setState(item, 'waiting');
  item.append(unsent(reason, [['Withdraw', withdraw]]));
}

/**
 * Not sent: why, and buttons that try again and take it back.
 * @param {MessageItem} item
 * @param {string} reason
 * @param {{ retry: () => void, withdraw: () => void }} choices
 */
export function setFailed(item, reason, { retry, withdraw }) {
  setState(item, 'failed');
  item.append(unsent(reason, [['Retry', retry], ['Withdraw', withdraw]]));
}

/** @param {Shown} message */
function byline({ author, display_name: name }) {
  const line = element('div', { className: 'byline' }, element('bdi', { className: 'author' }, name));
  // A display name may be used by several accounts; a username may not.
  if (name.toLowerCase() !== author) line.append(' ', element('span', { className: 'handle' }, `@${author}`));
  return line;
}

/**
 * @param {Shown} message
 * @param {string} me
 */
function bubble({ body }, me) {
  const text = element('div', { className: 'body', dir: 'auto' });
  text.append(richText(body, me));
  const foot = element('div', { className: 'foot' },
    element('span', { className: 'state' }), ' ', element('time'));
  return element('div', { className: 'bubble' }, text, foot);
}

/**
 * @param {MessageItem} item
 * @param {Shown} message
 */
function setTime(item, { sent_at: sentAt }) {
  item.sentAt = new Date(sentAt);
  const time = /** @type {HTMLTimeElement} */ ($('time', item));
  time.dateTime = sentAt;
  time.title = fullTime(item.sentAt);
  time.textContent = clockTime(item.sentAt);
}

/**
 * @param {string} reason
 * @param {[string, () => void][]} choices
 */
function unsent(reason, choices) {
  const buttons = choices.map(([name, choose]) => {
    const button = element('button', { type: 'button', className: name.toLowerCase() }, name);
    button.addEventListener('click', choose);
    return button;
  });
  return element('div', { className: 'unsent' }, element('span', {}, reason), ' ', ...buttons);
}
