// Asks the server for a record.

/** @import { ExchangeRecord, ExchangeQuery } from '../shared/types.js' */

import { getJson } from '../shared/api.js';

/**
 * `all`: with all steps of a stream.
 * @param {ExchangeQuery} about
 * @param {{ all?: boolean }} [how]
 * @returns {Promise<ExchangeRecord>}
 */
export function findRecord({ room, seq, transport, tab, as }, { all } = {}) {
  // What is not given is left out of the query.
  const query = { room, seq, transport: transport ?? undefined, tab: tab ?? undefined, as: as ?? undefined };
  return getJson('/api/exchanges', { query: { ...query, all: all ? 'true' : undefined } });
}
