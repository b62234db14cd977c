// What this page itself saw of a message, by its own clock.

/** @import { ExchangeQuery } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { transportOf } from '../transports/index.js';
import { duration } from './times.js';

/**
 * A paragraph, empty where the page knows nothing.
 * @param {ExchangeQuery} about
 */
export function ownTimes({ transport, seen: { asked, at, sentAt } }) {
  const facts = [];
  const isAnswer = transport === null || transportOf(transport).isPoll;
  const began = isAnswer ? 'after the page had asked' : 'after the page had opened this connection';
  if (at === undefined) facts.push('This page did not note when it arrived.');
  else if (asked !== undefined) facts.push(`By this page’s own clock it was here ${duration(at - asked)} ${began}.`);
  if (at !== undefined && sentAt !== undefined) facts.push(`From when it was due to leave this page to being here: ${duration(at - sentAt)}.`);
  return element('p', { className: 'inspector-own' }, facts.join(' '));
}
