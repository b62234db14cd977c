// What a tab has chosen goes with it to another network path. That is another port, to which a browser gives a
// storage of its own; so it is said behind the `#` of the address, which no request carries, and taken from there
// once. Polls that are bound to a session are not among it: they are a fault to try on one path alone.

/** @import { SettingValues } from '../shared/types.js' */
/** @import { Settings } from './settings.js' */

import { METERS } from '../meters/index.js';
import { within } from '../shared/within.js';
import { transportSettings } from '../transports/index.js';
import { SETTINGS } from './settings.js';

/**
 * What follows the `#` of an address that takes it along.
 * @param {Settings} settings
 */
export function toCarry({ transport, values }) {
  const numbers = Object.entries(values).map(([name, value]) => [name, String(value)]);
  const meters = sessionStorage.getItem(METERS) ?? 'closed';
  return `#${new URLSearchParams([['transport', transport], ...numbers, ['meters', meters]])}`;
}

/** Takes what this page's address carries into the tab's storage, before anything reads that. */
export function takeCarried() {
  const said = new URLSearchParams(location.hash.slice(1));
  const transport = said.get('transport');
  if (!transport) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  /** @type {SettingValues} */
  const values = Object.fromEntries(transportSettings.map((each) => [each.name, within(said.get(each.name), each)]));
  const kept = JSON.parse(sessionStorage.getItem(SETTINGS) ?? '{}');
  sessionStorage.setItem(SETTINGS, JSON.stringify({ ...kept, ...values, transport }));
  sessionStorage.setItem(METERS, said.get('meters') === 'open' ? 'open' : 'closed');
}
