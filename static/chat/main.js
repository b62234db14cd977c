// The page: who is it, which room, and everything put together.

import { AccountMenu } from './account-menu.js';
import { LADDER } from '../connection/auto.js';
import { ConnectionNotice } from './connection-notice.js';
import { $ } from '../shared/dom.js';
import { offerDrawer } from './drawer.js';
import { Gate } from './gate.js';
import { identities, loadIdentities } from '../shared/identities.js';
import { enterRoom } from './conversation.js';
import { offerLink, offerNewRoom, showMissing, showRooms } from './room-list.js';
import { allRooms } from '../shared/rooms.js';
import { persist } from '../shared/persist.js';
import { accountOfTab, becomeInAddress, heldAccounts, roomOfPage, signOut } from '../shared/session.js';
import { AUTO, Settings } from './settings.js';
import { Status } from './status.js';
import { Tabs } from '../connection/tabs.js';
import { TransportPanel } from './transport-panel.js';

const room = roomOfPage();
const tabs = new Tabs();
const gate = new Gate({ enter: become, cancel: backToChat });
let connection = null;
let hasStarted = false;

/** From here on this tab is `account`. A chat that runs already starts afresh as somebody else. */
function become(account) {
  becomeInAddress(account.username);
  if (hasStarted) return location.reload();
  gate.close();
  start(account);
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

async function start(me) {
  hasStarted = true;
  $('#chat').hidden = false;
  const as = me.username;
  new AccountMenu({ me, become, add: addAccount, leave: () => leave(me) });
  tabs.addEventListener('signed-out', ({ detail }) => detail === as && end(me, 'signed-out'));
  const settings = new Settings(identities().map(({ slug }) => slug));
  new TransportPanel(settings, tabs);
  const rooms = await persist(() => allRooms(as));
  const refresh = async () => showRooms(await allRooms(as).catch(() => rooms), room, as);
  showRooms(rooms, room, as);
  offerNewRoom(as);
  offerDrawer({ opened: refresh });
  window.addEventListener('focus', refresh);
  await openRoom(rooms.find(({ name }) => name === room), me, settings);
}

async function openRoom(found, me, settings) {
  const title = found?.title ?? room;
  $('#room-title').textContent = title;
  document.title = `${title} · pushlab`;
  const status = new Status(settings);
  status.show(settings.transport === AUTO ? LADDER[0] : settings.transport, { state: 'connecting' });
  if (!found) return showMissing(room, me.username);
  offerLink(room);
  const notice = new ConnectionNotice(settings, tabs);
  connection = await persist(() => enterRoom({
    room: found, me, settings, tabs, status, notice, ended: (why) => end(me, why),
  }));
}

function addAccount() {
  $('#chat').hidden = true;
  gate.open({ canCancel: true, why: 'Add another account to this browser. Each tab can be somebody else.' });
}

function backToChat() {
  gate.close();
  $('#chat').hidden = false;
  $('#account-menu').focus();
}

/** Signs out here. Other tabs of the same account are told first, so that none polls in vain. */
async function leave(me) {
  tabs.broadcast('signed-out', me.username);
  connection?.close();
  await signOut(me.username).catch(() => {});
  ask(me, `You have signed out of ${me.display_name}.`);
}

/** The conversation can't go on: `why` is one of connection.js's. */
function end(me, why) {
  connection?.close();
  // Another database than the one this page has read from: begin anew.
  if (why === 'stale-cursor' || why === 'no-room') return location.reload();
  ask(me, `You are no longer signed in as ${me.display_name}. Sign in to go on where you were.`);
}

function ask(me, why) {
  $('#chat').hidden = true;
  gate.open({ why, username: me.username });
}

window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
persist(arrive);
