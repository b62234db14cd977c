// The chat page: finds the account and the room, and puts the parts together.

/** @import { Account, Ending, PollResponse, Room, Seen, Start } from '../shared/types.js' */
/** @import { Connection } from '../connection/connection.js' */

import { AUTO } from '../connection/choice.js';
import { Tabs } from '../connection/tabs.js';
import { $ } from '../shared/dom.js';
import { identities } from '../shared/identities.js';
import { persist } from '../shared/persist.js';
import { allRooms } from '../shared/rooms.js';
import { accountOfTab, becomeInAddress, roomOfPage, signOut } from '../shared/session.js';
import { askStart } from '../shared/start.js';
import { ladder } from '../transports/index.js';
import { AccountMenu } from './account-menu.js';
import { takeCarried } from './carried.js';
import { ConnectionNotice } from './connection-notice.js';
import { enterRoom } from './conversation.js';
import { offerDrawer } from './drawer.js';
import { FaultNotice } from './fault-notice.js';
import { Gate } from './gate.js';
import { PAGE } from './history.js';
import { showMissing } from './missing-room.js';
import { offerNewRoom } from './new-room.js';
import { offerLink } from './room-link.js';
import { Settings } from './settings.js';
import { Status } from './status.js';
import { TAB } from './tab-name.js';
import { TransportPanel } from './transport-panel.js';
import { Unread } from './unread.js';

const BEGUN_AGAIN = 'pushlab.begun-again';
const LEAST_BETWEEN_MS = 5000;

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
async function become(account) {
  becomeInAddress(account.username);
  if (hasStarted) return location.reload();
  const known = await persist(() => askHere(account.username));
  gate.close();
  return start(account, known);
}

/**
 * `asked`: when this was, for the messages that come with it.
 * @param {string} [as]
 */
async function askHere(as) {
  const asked = performance.now();
  const known = await askStart({ as, room, limit: PAGE, tab: TAB });
  return { ...known, asked: { asked, at: performance.now() } };
}

/** Who this tab is: whom the address names, else who signed in last; the gate where that fails. */
async function arrive() {
  const wanted = accountOfTab()?.toLowerCase();
  const known = await askHere(wanted);
  $('#boot').hidden = true;
  const { account, accounts } = known;
  if (account) {
    becomeInAddress(account.username);
    return start(account, known);
  }
  const why = wanted ? `This tab belongs to @${wanted}, who is not signed in here.` : '';
  gate.open({ why, username: wanted, accounts });
}

/**
 * @param {Account} me
 * @param {Start & { asked: Seen }} known
 */
async function start(me, { rooms, history, asked, is_guest: isGuest }) {
  hasStarted = true;
  $('#chat').hidden = false;
  const as = me.username;
  new AccountMenu({ me, isGuest, become, keep: () => keep(me), add: addAccount, leave: () => leave(me) });
  tabs.addEventListener('signed-out', (event) => {
    if (/** @type {CustomEvent} */ (event).detail === as) end(me, 'signed-out');
  });
  const settings = new Settings(identities().map(({ slug }) => slug));
  new TransportPanel(settings, tabs);
  const found = rooms.find(({ name }) => name === room);
  const title = found?.title ?? room;
  $('#room-title').textContent = title;
  const counts = new Unread(room, as, () => allRooms(as));
  counts.begin(rooms, `${title} · pushlab`);
  unread = counts;
  offerNewRoom(as);
  offerDrawer({ opened: () => counts.refresh() });
  if (!found) return showMissing(room, me.username);
  // Messages may have come since the rooms were listed.
  await openRoom({ ...found, head: history?.head ?? found.head }, { history, asked }, { me, settings, unread: counts });
}

/**
 * @param {Room} found
 * @param {{ history: PollResponse | null, asked: Seen }} known
 * @param {{ me: Account, settings: Settings, unread: Unread }} options
 */
async function openRoom(found, known, { me, settings, unread }) {
  const status = new Status(settings);
  status.show(settings.transport === AUTO ? ladder[0] : settings.transport, { state: 'connecting' });
  offerLink(room);
  const notices = { connection: new ConnectionNotice(settings, tabs), fault: new FaultNotice(settings) };
  connection = await persist(() => enterRoom({
    room: found, ...known, me, settings, tabs, status, notices, unread, addAccount, ended: (/** @type {Ending} */ why) => end(me, why),
  }));
}

function addAccount() {
  $('#chat').hidden = true;
  gate.open({ canCancel: true, why: 'Add another account to this browser. Each tab can use another account.' });
}

/** @param {Account} me */
function keep(me) {
  $('#chat').hidden = true;
  gate.openToKeep(me);
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
  if (why === 'stale-cursor' || why === 'no-room') return beginAgain();
  ask(me, `You are no longer signed in as ${me.display_name}. Sign in to go on where you were.`);
}

/** Loads the page again; not again and again, where servers tell different things. */
function beginAgain() {
  const last = Number(sessionStorage.getItem(BEGUN_AGAIN));
  const wait = Math.max(0, last + LEAST_BETWEEN_MS - Date.now());
  setTimeout(() => {
    sessionStorage.setItem(BEGUN_AGAIN, String(Date.now()));
    location.reload();
  }, wait);
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
takeCarried();
persist(arrive);
