// What this page itself saw of a message, by its own clock.

/** @import { ExchangeQuery } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { milliseconds } from '../shared/units.js';
import { transportOf } from '../transports/index.js';

/**
 * A paragraph, empty where the page knows nothing.
 * @param {ExchangeQuery} about
 */
export function ownTimes({ transport, seen: { asked, at, sentAt } }) {
  const facts = [];
  const began = transportOf(transport).isPoll ? 'after the page had asked' : 'after the page had opened this connection';
  if (at === undefined) facts.push('This page did not note when it arrived.');
  else if (asked !== undefined) facts.push(`By this page’s own clock it was here ${milliseconds(at - asked)} ${began}.`);
  if (at !== undefined && sentAt !== undefined) facts.push(`From when it was due to leave this page to being here: ${milliseconds(at - sentAt)}.`);
  return element('p', { className: 'inspector-own' }, facts.join(' '));
}
