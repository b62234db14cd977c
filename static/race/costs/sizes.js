// The sizes that theory counts bytes from, as they are on this connection: of the exchange in which a short
// poll brought a message, as the server recorded it.

/** @import { ExchangeRecord, ReaderName } from '../../shared/types.js' */
/** @import { Sizes } from './theory.js' */

import { getJson } from '../../shared/api.js';

/** The header section of a response without messages: status line, cache-control, date. */
const EMPTY_RESPONSE = 89;

/**
 * Null where it is not recorded.
 * @param {ReaderName} reader
 * @param {number} seq of a message that it has brought
 * @returns {Promise<Sizes | null>}
 */
export async function askSizes({ room, tab, transport }, seq) {
  const query = { room, seq, transport, tab: tab ?? undefined };
  /** @type {ExchangeRecord | null} */
  const record = await getJson('/api/exchanges', { query }).catch(() => null);
  const request = record?.steps.find(({ kind }) => kind === 'request');
  const answer = record?.steps.find(({ kind, messages }) => kind === 'answer' && messages.includes(seq));
  if (!request || answer?.kind !== 'answer' || answer.messages.length === 0) return null;
  return {
    request: request.bytes,
    emptyResponse: EMPTY_RESPONSE,
    fullResponse: answer.bytes - answer.body_bytes,
    message: answer.message_bytes,
  };
}
