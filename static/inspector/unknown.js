// What is shown where the server has no record: that, and what this page knows by itself.

/** @import { ExchangeQuery } from '../shared/types.js' */
/** @import { ApiError } from '../shared/api.js' */

import { element } from '../shared/dom.js';
import { wayName } from './names.js';
import { ownTimes } from './own-times.js';

const NOT_FOUND = 404;

/**
 * @param {ApiError} error
 * @param {ExchangeQuery} about
 */
export function unknownParts(error, about) {
  const why = error.status === NOT_FOUND
    ? 'The server has no record of this exchange, or no longer.'
    : 'The server could not be asked for its record.';
  return [
    element('p', { className: 'inspector-unknown', role: 'status' }, why),
    element('p', {}, error.message),
    element('h3', {}, 'What this page knows by itself'),
    element('p', {}, `It came ${wayName(about)}, as message ${about.seq} of /${about.room}.`),
    ownTimes(about),
    element('p', { className: 'inspector-sources' }, 'An exchange is recorded only while a page of yours asks the server for '
      + 'its meters, and kept for some minutes. A browser does not tell its pages what its sockets sent.'),
  ];
}
