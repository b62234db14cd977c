// What the dialog shows: the server's record of the exchange, or what is known without it. A page loads this, and
// what it needs, when the dialog is first opened.

/** @import { ExchangeQuery } from '../shared/types.js' */

import { findRecord } from './find.js';
import { recordParts } from './record.js';
import { unknownParts } from './unknown.js';

/** @param {ExchangeQuery} about */
export function contents(about) {
  return findRecord(about).then(
    (record) => recordParts(record, about),
    (error) => unknownParts(error, about),
  );
}
