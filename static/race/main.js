// The race page: finds the account and the room, checks whether it may run here, starts it.

/** @import { NetworkPath, Room } from '../shared/types.js' */

import { Tabs } from '../connection/tabs.js';
import { mountFaults } from '../network-paths/faults.js';
import { currentPath, mountNetworkPaths, pathName } from '../network-paths/network-paths.js';
import { $ } from '../shared/dom.js';
import { persist } from '../shared/persist.js';
import { NOTHING_KNOWN, serverInfo } from '../shared/server-info.js';
import { askStart } from '../shared/start.js';
import { Claim } from './claim.js';
import { startClass } from './class/index.js';
import { offerEntry } from './entry.js';
import { Options } from './options.js';
import { startRace } from './race.js';
import { findOrMakeRoom } from './racing-room.js';

const options = new Options();
const tabs = new Tabs();
const claim = new Claim(tabs, () => stopHere());
let stop = () => {};

/** Errors on the way are shown; a client error is final. */
function begin() {
  const say = (/** @type {Error} */ { message }) => {
    $('#boot').hidden = false;
    $('#boot').textContent = message;
  };
  persist(arrive, say).catch(() => {});
}

async function arrive() {
  const { account, rooms } = await askStart();
  $('#boot').hidden = true;
  if (!account) return offerEntry(begin);
  if (!(await claim.stake())) return sayElsewhere('A race runs in another tab of this browser.');
  return start(rooms);
}

/** @param {Room[]} rooms */
async function start(rooms) {
  const room = await findOrMakeRoom(options.room, rooms);
  const { lines } = await serverInfo().catch(() => NOTHING_KNOWN);
  const path = currentPath(lines);
  $('#race').hidden = false;
  $('#room').textContent = room.name;
  $('#to-room').setAttribute('href', `/rooms/${room.name}`);
  const stopRace = startRace({ room, tab: nameOn(path), options, tabs, ended });
  const stopClass = startClass({ room: room.name, root: $('#class'), button: $('#open-class') });
  stop = () => {
    stopClass();
    stopRace();
  };
  await showPath(path);
}

/**
 * The race's `tab=`. Another network path is another origin, whose tabs can't be asked whether a race
 * runs there, so each path has its own name. The plain one has none, as the lab's clients have none.
 * @param {NetworkPath | undefined} path
 */
const nameOn = (path) => (!path || path.slug === 'plain' ? null : path.slug.replace('_', ''));

/** @param {NetworkPath | undefined} path */
async function showPath(path) {
  offerToClose(/** @type {HTMLDetailsElement} */ ($('#line')));
  mountFaults($('#faults'), { settings: options });
  await mountNetworkPaths($('#lines'));
  $('#line-name').textContent = path ? `Network path: ${pathName(path)}` : 'Faults';
}

/**
 * The sheet closes as menus do.
 * @param {HTMLDetailsElement} sheet
 */
function offerToClose(sheet) {
  window.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !sheet.open) return;
    if (sheet.contains(document.activeElement)) $('summary', sheet).focus();
    sheet.open = false;
  });
  window.addEventListener('pointerdown', ({ target }) => {
    if (!sheet.contains(/** @type {Node | null} */ (target))) sheet.open = false;
  });
}

/** Signed out, or the room or its log is another one: begin anew. */
function ended() {
  stop();
  location.reload();
}

function stopHere() {
  stop();
  sayElsewhere('The race has been taken over by another tab of this browser, and has stopped here.');
}

/** @param {string} text */
function sayElsewhere(text) {
  $('#elsewhere').hidden = false;
  $('#elsewhere-text').textContent = text;
}

$('#run-here').addEventListener('click', () => Claim.takeOver());
window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
begin();
