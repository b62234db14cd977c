// "How did this get here?": how one message came from its sender over the server to this page, as the server
// recorded it.
//
//   openInspector({ room, seq, transport, history, tab, as, seen, isEarlier, also })
//
//   room, seq     which message
//   transport     the one it came over, or null where it came with history: then `history` says which
//   tab, as       as in this page's requests (see counters.js), or undefined or null
//   seen          what this page knows, in performance.now(), each undefined where it doesn't:
//                 { asked, at, sentAt } = when it sent the request, when it received the message,
//                 when it sent the message
//   isEarlier     whether all this is of an earlier load of the page; only differences of `seen` count then
//   also          another way in which the same message came: before a reload, and after it
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
  const { dialog, body, setSubject } = makeDialog(about);
  body.append(element('p', { className: 'inspector-wait', role: 'status' }, 'Asking the server…'));
  const show = async (/** @type {ExchangeQuery} */ way) => {
    const parts = await import('./contents.js').then(({ contents }) => contents(way), notLoaded);
    if (!dialog.isConnected) return;
    setSubject(way);
    body.replaceChildren(...(about.also ? [await waySwitch(about, about.also, way, show)] : []), ...parts);
  };
  await show(about);
}

/** @type {(first: ExchangeQuery, second: ExchangeQuery, shown: ExchangeQuery, show: (way: ExchangeQuery) => void) => Promise<HTMLElement>} */
const waySwitch = (...ways) => import('./ways.js').then(({ switchBetween }) => switchBetween(...ways));

/** The server is away, or another version of it has other files. */
const notLoaded = () => [element('p', { role: 'status' }, 'This part of the page could not be loaded. Reload the page.')];
