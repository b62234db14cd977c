// "How did this get here?": the exchange that brought one message, as the server recorded it.
//
//   openInspector({ room, seq, transport, tab, as, seen })
//
//   room, seq     which message
//   transport     the one it came over
//   tab, as       as in this page's requests (see counters.js), or undefined or null
//   seen          what this page knows, in performance.now(), each undefined where it doesn't:
//                 { asked, at, sentAt } = when it sent the request, when it received the message,
//                 when it sent the message
//
// A page that calls this links inspector.css and has loaded the identities.

/** @import { ExchangeRecord, ExchangeQuery } from '../shared/types.js' */

import { getJson } from '../shared/api.js';
import { element } from '../shared/dom.js';
import { makeDialog } from './dialog.js';
import { recordParts } from './record.js';
import { unknownParts } from './unknown.js';

/**
 * Opens a dialog over the page; resolves once it is complete.
 * @param {ExchangeQuery} about
 */
export async function openInspector(about) {
  const { dialog, body } = makeDialog(about);
  body.append(element('p', { className: 'inspector-wait', role: 'status' }, 'Asking the server…'));
  const parts = await findRecord(about).then(
    (record) => recordParts(record, about),
    (error) => unknownParts(error, about),
  );
  if (dialog.isConnected) body.replaceChildren(...parts);
}

/**
 * @param {ExchangeQuery} about
 * @returns {Promise<ExchangeRecord>}
 */
function findRecord({ room, seq, transport, tab, as }) {
  // A tab or account that is not given is left out of the query.
  return getJson('/api/exchanges', { query: { room, seq, transport, tab: tab ?? undefined, as: as ?? undefined } });
}
