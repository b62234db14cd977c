// The race page: a guided opening, a recorded race, or a live one, whichever the address and the account say.

/** @import { Account, Room } from '../shared/types.js' */
/** @import { Shown } from './keep/keep.js' */

import { Tabs } from '../connection/tabs.js';
import { pathName } from '../network-paths/network-paths.js';
import { $, element } from '../shared/dom.js';
import { persist } from '../shared/persist.js';
import { NOTHING_KNOWN, serverInfo } from '../shared/server-info.js';
import { askStart } from '../shared/start.js';
import { Claim } from './claim.js';
import { startClass } from './class/index.js';
import { offerEntry } from './entry.js';
import { Guide } from './guide/guide.js';
import { stepsOf } from './guide/steps.js';
import { offerToKeep, RECORDING } from './keep/keep.js';
import { Lanes } from './lanes/lanes.js';
import { mountLegend } from './lanes/legend.js';
import { Lens } from './lens/lens.js';
import { offerLens } from './lens/lens-controls.js';
import { offerLines } from './line-menu.js';
import { closesAsMenu } from './menus.js';
import { Options } from './options.js';
import { Race } from './race.js';
import { findOrMakeRoom } from './racing-room.js';
import { fromLink, fromRecording } from './record/recording.js';
import { SAMPLE } from './record/sample.js';
import { liveSource, recordedSource } from './record/source.js';
import { offerStage } from './stage.js';
import { offerViews } from './views.js';
import { Lines, nameOn } from './wire/lines.js';

/** Where a browser keeps that the opening has been seen or skipped. */
const GUIDED = 'pushlab.race.guided';
/** The slow motion of the stage's key. */
const SLOW = 10;

const options = new Options();
const tabs = new Tabs();
const claim = new Claim(tabs, () => stopHere());
const lens = new Lens();
const lanes = new Lanes($('#lanes'), lens);
/** @type {Race | null} */
let race = null;
/** @type {Shown | null} */
let shown = null;
/** @type {Guide | null} */
let opening = null;
let stopClass = () => {};

/** @typedef {'guide' | 'recorded' | 'live' | 'none'} Mode */

/** @param {Mode} mode */
function become(mode) {
  document.body.dataset.mode = mode;
  $('#race').hidden = mode === 'none';
}

/** Errors on the way are shown; a client error is final. */
function begin() {
  const say = (/** @type {Error} */ { message }) => {
    $('#boot').hidden = false;
    $('#boot').textContent = message;
  };
  persist(arrive, say).catch(() => {});
}

/** Somebody has signed in: the opening has been looked at for long enough. */
function takePart() {
  opening?.end();
  begin();
}

async function arrive() {
  const { account, rooms } = await askStart();
  $('#boot').hidden = true;
  mountLegend($('#legend'));
  const address = new URLSearchParams(location.hash.slice(1));
  if (!account) offerEntry(takePart);
  const recording = address.get(RECORDING);
  if (recording) return openLink(recording);
  const step = Number(address.get('step'));
  const isNew = location.hash.length < 2 && !localStorage.getItem(GUIDED);
  return step || isNew ? guide(step || 1, () => enter(account, rooms)) : enter(account, rooms);
}

/**
 * A damaged link is said to be one, beside the race that there always is.
 * @param {string} packed
 */
async function openLink(packed) {
  try {
    showRecorded(await fromLink(packed));
  } catch (error) {
    showRecorded(SAMPLE);
    $('#recorded-about').prepend(element('strong', { className: 'error' }, `${/** @type {Error} */ (error).message} `));
  }
}

/**
 * @param {number} step from 1
 * @param {() => void} ended
 */
function guide(step, ended) {
  const { record, recording } = showRecorded(SAMPLE);
  become('guide');
  const done = () => {
    localStorage.setItem(GUIDED, 'yes');
    opening = null;
    ended();
  };
  opening = new Guide(stepsOf(record, recording.length), { lens, lanes, ended: done });
  opening.show(step - 1);
}

/**
 * @param {unknown} data a recording
 */
function showRecorded(data) {
  const found = fromRecording(data);
  const { record, recording } = found;
  stopRace();
  const { path, values, madeAt } = recording;
  shown = { record, about: () => ({ path, values, madeAt }), settings: null };
  lanes.show(record);
  lens.aim(recordedSource(record, recording.length));
  lens.play({ from: 0 });
  $('#recorded-about').textContent = aboutRecording(recording);
  become('recorded');
  return found;
}

/** @param {import('./record/recording.js').Recording} recording */
function aboutRecording({ path, values, madeAt }) {
  const settings = typeof values?.interval === 'number' ? `, a short poll every ${values.interval} s` : '';
  return `A recorded race, of ${String(madeAt).slice(0, 10)}: ${path}${settings}.`;
}

/**
 * @param {Account | null} account
 * @param {Room[]} rooms
 */
async function enter(account, rooms) {
  if (!account) return showRecorded(SAMPLE);
  if (!(await claim.stake())) return sayElsewhere('A race runs in another tab of this browser.');
  return start(rooms);
}

/** @param {Room[]} rooms */
async function start(rooms) {
  const room = await findOrMakeRoom(options.room, rooms);
  const { lines } = await serverInfo().catch(() => NOTHING_KNOWN);
  const paths = new Lines(lines, options, tabs);
  $('#room').textContent = room.name;
  $('#to-room').setAttribute('href', `/rooms/${room.name}`);
  const running = new Race({ room, tab: nameOn(paths.own), options, wire: await beginOver(paths), ended });
  race = running;
  const { record, costs } = running;
  paths.follow((wire, names) => running.use(wire, names));
  const about = () => ({ path: paths.now ? pathName(paths.now) : 'Direct', values: options.values, madeAt: new Date().toISOString() });
  shown = { record, about, settings: () => options.fragment };
  lanes.show(record);
  lens.aim(liveSource(record));
  become('live');
  stopClass = startClass({ room: room.name, root: $('#class'), button: $('#open-class'), on: { guesses: (all) => costs.showClass(all) } });
  offerLines(paths, { options, sender: running.sender });
}

/**
 * Another line than the page's own may let one wait.
 * @param {Lines} paths
 */
async function beginOver(paths) {
  const boot = $('#boot');
  const show = () => {
    boot.hidden = paths.note === '';
    boot.textContent = paths.note;
  };
  paths.addEventListener('change', show);
  const wire = await paths.begin();
  paths.removeEventListener('change', show);
  boot.hidden = true;
  return wire;
}

/** Signed out, or the room or its log is another one: begin anew. */
function ended() {
  stopRace();
  location.reload();
}

function stopRace() {
  stopClass();
  race?.stop();
  race = null;
}

function stopHere() {
  stopRace();
  sayElsewhere('The race has been taken over by another tab of this browser, and has stopped here.');
}

/** @param {string} text */
function sayElsewhere(text) {
  become('none');
  $('#elsewhere').hidden = false;
  $('#elsewhere-text').textContent = text;
}

for (const menu of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll('.menu'))) closesAsMenu(menu);
offerLens($('#lens'), /** @type {HTMLCanvasElement} */ ($('#lanes canvas')), lens);
offerToKeep($('#keep .sheet'), { lanes, lens, shown: () => /** @type {Shown} */ (shown), open: showRecorded });
offerViews($('#views [role=tablist]'));
offerStage($('#to-stage'), $('#keys'), {
  s: { name: 'send', act: () => race?.sender.send('A message') },
  r: { name: 'stream', act: () => race?.stream.toggle() },
  d: { name: 'drop', act: () => race?.drop() },
  f: { name: 'freeze', act: () => lens.toggle() },
  x: { name: 'slow motion', act: () => lens.slow(SLOW) },
  n: { name: 'next step', act: () => opening?.next() },
});
$('#run-here').addEventListener('click', () => Claim.takeOver());
$('#to-guide').addEventListener('click', () => { location.hash = 'step=1'; });
window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
begin();
