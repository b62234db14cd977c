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

/** @import { ExchangeQuery } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { makeDialog } from './dialog.js';

/**
 * Opens a dialog over the page; resolves once it is complete.
 * @param {ExchangeQuery} about
 */
export async function openInspector(about) {
  const { dialog, body } = makeDialog(about);
  body.append(element('p', { className: 'inspector-wait', role: 'status' }, 'Asking the server…'));
  const parts = await import('./contents.js').then(({ contents }) => contents(about), notLoaded);
  if (dialog.isConnected) body.replaceChildren(...parts);
}

/** The server is away, or another version of it has other files. */
const notLoaded = () => [element('p', { role: 'status' }, 'This part of the page could not be loaded. Reload the page.')];
