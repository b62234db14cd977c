// Which account this tab uses. The address names it (`?as=alice`), so that two tabs may use two
// accounts, also after a reload.

/** @import { Account } from './types.js' */

import { getJson, postJson, putJson, remove } from './api.js';

/**
 * The accounts signed in in this browser, the last one first; empty if there are none.
 * @returns {Promise<Account[]>}
 */
export const heldAccounts = async () => (await getJson('/api/sessions')).accounts;

/** @type {(fields: object) => Promise<Account>} */
export const signIn = (fields) => postJson('/api/sessions', fields);

/** @type {(fields: object) => Promise<Account>} */
export const signUp = (fields) => postJson('/api/accounts', fields);

/** @type {() => Promise<Account>} */
export const enterAsGuest = () => postJson('/api/guests');

/**
 * Gives the guest `username` a password: the account and its messages stay.
 * @type {(username: string, fields: object) => Promise<Account>}
 */
export const keepGuest = (username, fields) => putJson('/api/guests', fields, { query: { as: username } });

export const signOut = (/** @type {string} */ username) => remove('/api/sessions', { query: { as: username } });

/** The account that this tab's address names, or null. */
export const accountOfTab = () => new URLSearchParams(location.search).get('as');

/**
 * Writes the account into this tab's address, without a step in the history.
 * @param {string} username
 */
export function becomeInAddress(username) {
  const address = new URL(location.href);
  address.searchParams.set('as', username);
  history.replaceState(history.state, '', address);
}

/** The room that this page's address names. */
export const roomOfPage = () => decodeURIComponent(location.pathname.split('/')[2] ?? 'lobby');

/**
 * A room's address, for this tab (`as` given) or to be sent to somebody (without).
 * @param {string} room
 * @param {string} [as]
 */
export function roomAddress(room, as) {
  const query = as ? `?${new URLSearchParams({ as })}` : '';
  return `/rooms/${encodeURIComponent(room)}${query}`;
}
