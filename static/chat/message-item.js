// One message as an element: who, what, when, and whether it has been sent.

import { element, initial, setAttribute } from '../shared/dom.js';
import { linkify } from './linkify.js';
import { clockTime, fullTime } from '../shared/time.js';

const STATES = { sending: 'Sending…', sent: '', failed: 'Not sent' };

/** `message` as the server tells it, or a draft of one's own without `seq`. */
export function messageItem(message, isOwn) {
  const item = element('li', { className: 'message', role: 'article' },
    avatar(message), byline(message), bubble(message));
  setAttribute(item, 'data-own', isOwn);
  item.sender = message.author;
  setTime(item, message);
  return item;
}

/** Turns a draft's element into that of the message the server made of it, or marks a new one. */
export function markConfirmed(item, message) {
  item.removeAttribute('data-key');
  item.dataset.seq = message.seq;
  setTime(item, message);
  setState(item, 'sent');
}

/** No feed brought it: it came with the answer to a question for what was said before. */
export function markHistory(item) {
  const time = item.querySelector('time');
  time.title += '. Came with the history, when this page asked for it';
}

/** `reason` and `retry` belong to the state "failed". */
export function setState(item, state, { reason, retry } = {}) {
  item.dataset.state = state;
  item.querySelector('.state').textContent = STATES[state];
  item.querySelector('.failure')?.remove();
  if (state === 'failed') item.append(failure(reason, retry));
}

function avatar(message) {
  return element('span', { className: 'avatar', ariaHidden: 'true' }, initial(message.display_name));
}

function byline({ author, display_name: name }) {
  const line = element('div', { className: 'byline' }, element('bdi', { className: 'author' }, name));
  // A display name can be anybody's; the username can't.
  if (name.toLowerCase() !== author) line.append(' ', element('span', { className: 'handle' }, `@${author}`));
  return line;
}

function bubble({ body }) {
  const text = element('div', { className: 'body', dir: 'auto' });
  text.append(linkify(body));
  const foot = element('div', { className: 'foot' },
    element('span', { className: 'state' }), ' ', element('time'));
  return element('div', { className: 'bubble' }, text, foot);
}

function setTime(item, { sent_at: sentAt }) {
  item.sentAt = new Date(sentAt);
  const time = item.querySelector('time');
  time.dateTime = sentAt;
  time.title = fullTime(item.sentAt);
  time.textContent = clockTime(item.sentAt);
}

function failure(reason, retry) {
  const button = element('button', { type: 'button', className: 'retry' }, 'Retry');
  button.addEventListener('click', retry);
  return element('div', { className: 'failure' }, element('span', {}, reason), ' ', button);
}
