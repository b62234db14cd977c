// Faults to try on purpose: going offline, losing a connection, polls that are bound to a server.
//
//   mountFaults(root, { reader, settings })   fills `root` with the switches
//       reader()    { room, tab, transport }: whose connection "Drop the connection" drops, called
//                   when it is pressed; without `reader` there is no such button
//       sender      { isOffline }, an EventTarget that dispatches `change`: where given, whoever sends and whoever
//                   reads go offline apart
//       settings    an EventTarget with `bound` and change({ bound }), for transports/polling.js;
//                   without it, or on another path than two_servers, there is no switch
//       path()      the path in use, where that is not always the one this page came over; `settings` dispatches
//                   `change` when it is another
//   dropAndDescribe({ room, tab, transport })        drops it, and resolves to a sentence about the outcome
//
// Styles: network-paths.css.

/** @import { NetworkPath, ReaderName } from '../shared/types.js' */
/** @import { ApiError } from '../shared/api.js' */

/** @typedef {EventTarget & { isOffline: boolean }} Cuttable */
/** @typedef {EventTarget & { bound: boolean, change(values: { bound: boolean }): void }} Binding */

import { remove } from '../shared/api.js';
import { element } from '../shared/dom.js';
import { currentPath } from '../shared/line-origins.js';
import { isOffline, pretendOffline } from '../shared/offline.js';
import { NOTHING_KNOWN, serverInfo } from '../shared/server-info.js';
import { asSentence } from '../shared/units.js';
import { transportOf } from '../transports/index.js';

const WHY_BOUND_POLLS_FAIL = 'A session lives in the memory of the server that made it. Here requests alternate between two '
  + 'servers, so the other one refuses every second poll.';
const WHY_CURSORS_WORK = 'A cursor is a number in the log that both servers read: either can respond '
  + 'to any poll, and nothing is lost.';

/**
 * @param {HTMLElement} root
 * @param {{ reader?: () => ReaderName, sender?: Cuttable, settings?: Binding, path?: () => NetworkPath | undefined }} [options]
 */
export function mountFaults(root, { reader, sender, settings, path } = {}) {
  root.classList.add('faults');
  const outcome = element('p', { className: 'faults-outcome', role: 'status' });
  const buttons = element('div', { className: 'faults-buttons' }, offlineButton(sender ? 'readers' : ''));
  if (sender) buttons.append(senderButton(sender));
  if (reader) buttons.append(dropButton(reader, outcome));
  root.append(buttons, outcome);
  if (settings) offerBinding(root, settings, path);
}

/**
 * Resolves to how many connections were dropped; members that are null or undefined are left out.
 * @param {ReaderName} reader
 * @returns {Promise<number>}
 */
async function dropConnection(reader) {
  const said = Object.entries(reader).filter(([, value]) => value !== null && value !== undefined);
  const { cut } = await remove('/api/connections', { query: Object.fromEntries(said) });
  return cut;
}

/**
 * A sentence about the outcome.
 * @param {ReaderName} reader
 */
export async function dropAndDescribe(reader) {
  try {
    const cut = await dropConnection(reader);
    if (cut === 0) return whyNone(reader.transport);
    return cut === 1 ? 'One connection was dropped.' : `${cut} connections were dropped.`;
  } catch (error) {
    return /** @type {ApiError} */ (error).message;
  }
}

/**
 * A short poll has no connection to drop, unless a request happens to be on its way.
 * @param {string} transport
 */
function whyNone(transport) {
  const { isPoll, whyItHoldsNone } = transportOf(transport);
  return isPoll && whyItHoldsNone ? asSentence(whyItHoldsNone) : 'No connection was open just now.';
}

/** @param {string} who goes offline, if it is not the whole tab */
function offlineButton(who) {
  const button = element('button', { type: 'button' });
  button.dataset.fault = 'offline';
  const whose = who && `: ${who}`;
  const show = () => { button.textContent = `${isOffline() ? 'Come back' : 'Go offline'}${whose}`; };
  button.addEventListener('click', () => pretendOffline(!isOffline()));
  for (const event of ['offline', 'online']) window.addEventListener(event, show);
  show();
  return button;
}

/** @param {Cuttable} sender */
function senderButton(sender) {
  const button = element('button', { type: 'button' });
  button.dataset.fault = 'sender';
  const show = () => { button.textContent = `${sender.isOffline ? 'Come back' : 'Go offline'}: sender`; };
  button.addEventListener('click', () => { sender.isOffline = !sender.isOffline; });
  sender.addEventListener('change', show);
  show();
  return button;
}

/**
 * @param {() => ReaderName} reader
 * @param {HTMLElement} outcome
 */
function dropButton(reader, outcome) {
  const button = element('button', { type: 'button' }, 'Drop the connection');
  button.dataset.fault = 'drop';
  button.addEventListener('click', async () => { outcome.textContent = await dropAndDescribe(reader()); });
  return button;
}

/**
 * Shown only where requests alternate between servers.
 * @param {HTMLElement} root
 * @param {Binding} settings
 * @param {() => NetworkPath | undefined} [path]
 */
async function offerBinding(root, settings, path) {
  const { lines } = await serverInfo().catch(() => NOTHING_KNOWN);
  const pathNow = path ?? (() => currentPath(lines));
  const box = element('input', { type: 'checkbox', role: 'switch', name: 'bound' });
  const part = element('div', { className: 'faults-binding' });
  const show = () => {
    box.checked = Boolean(settings.bound);
    part.hidden = pathNow()?.slug !== 'two_servers';
  };
  box.addEventListener('change', () => settings.change({ bound: box.checked }));
  settings.addEventListener('change', show);
  show();
  part.append(
    element('label', { className: 'faults-switch' }, box, 'Bind each poll to a session'),
    element('p', { className: 'faults-why' }, `${WHY_BOUND_POLLS_FAIL} ${WHY_CURSORS_WORK}`),
  );
  root.append(part);
}
