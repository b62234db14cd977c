// "How did this get here?": the exchange that brought one message, as the server recorded it.
//
//   openInspector({ room, seq, transport, tab, as, seen })
//
//   room, seq     which message
//   transport     the one it came over
//   tab, as       what this page's requests say of it (see counters.js), or undefined or null
//   seen          what this page itself knows, in performance.now(), each undefined where it doesn't:
//                 { asked, at, sentAt } = when it asked, when the message was here, when it was
//                 sent from here (one's own)
//
// A page that calls this links inspector.css and has loaded the identities.

/** @import { ExchangeRecord, Question } from '../shared/types.js' */

import { getJson } from '../shared/api.js';
import { element } from '../shared/dom.js';
import { makeDialog } from './dialog.js';
import { recordParts } from './record.js';
import { unknownParts } from './unknown.js';

/**
 * Opens a dialog over the page; resolves once it says all that it is going to say.
 * @param {Question} about
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
 * @param {Question} about
 * @returns {Promise<ExchangeRecord>}
 */
function findRecord({ room, seq, transport, tab, as }) {
  // Nothing said of a tab, or of the account, is said by leaving it out.
  return getJson('/api/exchanges', { query: { room, seq, transport, tab: tab ?? undefined, as: as ?? undefined } });
}
