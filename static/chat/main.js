// The chat page: finds the account and the room, and puts the parts together.

/** @import { Account, Ending, Room } from '../shared/types.js' */
/** @import { Connection } from '../connection/connection.js' */

import { AUTO } from '../connection/choice.js';
import { Tabs } from '../connection/tabs.js';
import { $ } from '../shared/dom.js';
import { identities, loadIdentities } from '../shared/identities.js';
import { persist } from '../shared/persist.js';
import { allRooms } from '../shared/rooms.js';
import { accountOfTab, becomeInAddress, heldAccounts, roomOfPage, signOut } from '../shared/session.js';
import { ladder } from '../transports/index.js';
import { AccountMenu } from './account-menu.js';
import { ConnectionNotice } from './connection-notice.js';
import { enterRoom } from './conversation.js';
import { offerDrawer } from './drawer.js';
import { Gate } from './gate.js';
import { showMissing } from './missing-room.js';
import { offerNewRoom } from './new-room.js';
import { offerLink } from './room-link.js';
import { Settings } from './settings.js';
import { Status } from './status.js';
import { TransportPanel } from './transport-panel.js';
import { Unread } from './unread.js';

const room = roomOfPage();
const tabs = new Tabs(() => document.title.replace(/^\(\d+\) /, '')); // what is unread names no tab
const gate = new Gate({ enter: become, cancel: backToChat });
/** @type {Connection | null} */
let connection = null;
/** @type {Unread | null} */
let unread = null;
let hasStarted = false;

/**
 * This tab uses `account` from here on. A chat that runs already starts again.
 * @param {Account} account
 */
function become(account) {
  becomeInAddress(account.username);
  if (hasStarted) return location.reload();
  gate.close();
  return start(account);
}

/** Who this tab is: whom the address names, else who signed in last; the gate where that fails. */
async function arrive() {
  await loadIdentities();
  const accounts = await heldAccounts();
  $('#boot').hidden = true;
  const wanted = accountOfTab()?.toLowerCase();
  const account = wanted ? accounts.find(({ username }) => username === wanted) : accounts[0];
  if (account) return become(account);
  const why = wanted ? `This tab belongs to @${wanted}, who is not signed in here.` : '';
  gate.open({ why, username: wanted });
}

/** @param {Account} me */
async function start(me) {
  hasStarted = true;
  $('#chat').hidden = false;
  const as = me.username;
  new AccountMenu({ me, become, add: addAccount, leave: () => leave(me) });
  tabs.addEventListener('signed-out', (event) => {
    if (/** @type {CustomEvent} */ (event).detail === as) end(me, 'signed-out');
  });
  const settings = new Settings(identities().map(({ slug }) => slug));
  new TransportPanel(settings, tabs);
  const rooms = await persist(() => allRooms(as));
  const found = rooms.find(({ name }) => name === room);
  const title = found?.title ?? room;
  $('#room-title').textContent = title;
  const counts = new Unread(room, as, () => allRooms(as));
  counts.begin(rooms, `${title} · pushlab`);
  unread = counts;
  offerNewRoom(as);
  offerDrawer({ opened: () => counts.refresh() });
  await openRoom(found, me, settings, counts);
}

/**
 * @param {Room | undefined} found
 * @param {Account} me
 * @param {Settings} settings
 * @param {Unread} counts
 */
async function openRoom(found, me, settings, counts) {
  const status = new Status(settings);
  status.show(settings.transport === AUTO ? ladder[0] : settings.transport, { state: 'connecting' });
  if (!found) return showMissing(room, me.username);
  offerLink(room);
  const notice = new ConnectionNotice(settings, tabs);
  connection = await persist(() => enterRoom({
    room: found, me, settings, tabs, status, notice, unread: counts, addAccount, ended: (/** @type {Ending} */ why) => end(me, why),
  }));
}

function addAccount() {
  $('#chat').hidden = true;
  gate.open({ canCancel: true, why: 'Add another account to this browser. Each tab can use another account.' });
}

function backToChat() {
  gate.close();
  $('#chat').hidden = false;
  $('#account-menu').focus();
}

/**
 * Signs out here. Other tabs of the same account get a message first, so that none goes on polling.
 * @param {Account} me
 */
async function leave(me) {
  tabs.broadcast('signed-out', me.username);
  connection?.close();
  unread?.close();
  await signOut(me.username).catch(() => {});
  ask(me, `You have signed out of ${me.display_name}.`);
}

/**
 * The conversation can't go on.
 * @param {Account} me
 * @param {Ending} why
 */
function end(me, why) {
  connection?.close();
  unread?.close();
  // The database is not the one that this page has read from: start again.
  if (why === 'stale-cursor' || why === 'no-room') return location.reload();
  ask(me, `You are no longer signed in as ${me.display_name}. Sign in to go on where you were.`);
}

/**
 * @param {Account} me
 * @param {string} why
 */
function ask(me, why) {
  $('#chat').hidden = true;
  gate.open({ why, username: me.username });
}

window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
persist(arrive);
