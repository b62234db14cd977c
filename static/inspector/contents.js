// What the dialog shows: the server's record of the exchange, or what is known without it. A page loads this, and
// what it needs, when the dialog is first opened.

/** @import { ExchangeRecord, ExchangeQuery } from '../shared/types.js' */

import { getJson } from '../shared/api.js';
import { recordParts } from './record.js';
import { unknownParts } from './unknown.js';

/** @param {ExchangeQuery} about */
export function contents(about) {
  return findRecord(about).then(
    (record) => recordParts(record, about),
    (error) => unknownParts(error, about),
  );
}

/**
 * @param {ExchangeQuery} about
 * @returns {Promise<ExchangeRecord>}
 */
function findRecord({ room, seq, transport, tab, as }) {
  // A tab or account that is not given is left out of the query.
  return getJson('/api/exchanges', { query: { room, seq, transport, tab: tab ?? undefined, as: as ?? undefined } });
}
