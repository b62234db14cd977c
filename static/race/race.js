// The race itself: a room, a pane for each transport, the lanes, and what is sent.

/** @import { Ending, Room } from '../shared/types.js' */
/** @import { Tabs } from '../connection/tabs.js' */
/** @import { Options } from './options.js' */

import { Counters } from '../meters/counters.js';
import { $ } from '../shared/dom.js';
import { identities, identity } from '../shared/identities.js';
import { transports } from '../transports/index.js';
import { offerControls } from './controls.js';
import { Held } from './held.js';
import { Lanes } from './lanes.js';
import { mountLegend } from './legend.js';
import { Pane } from './pane.js';
import { PaneSettings } from './pane-settings.js';
import { Sender } from './sender.js';
import { Stream } from './stream.js';
import { Teller } from './teller.js';

const REFRESH_MS = 500;

/**
 * The options of a race; `tab` goes into its requests.
 * @typedef {object} Start
 * @property {Room} room
 * @property {string | null} tab
 * @property {Options} options
 * @property {Tabs} tabs
 * @property {(why: Ending) => void} ended
 */

/**
 * Starts it from the room's head. Returns a function that stops it.
 * @param {Start} start
 */
export function startRace({ room, tab, options, tabs, ended }) {
  const sender = new Sender(room.name);
  const stream = new Stream(sender, options);
  const held = new Held(tabs);
  const slugs = identities().map(({ slug }) => slug).filter((slug) => transports.has(slug));
  const teller = new Teller($('#told'), slugs);
  const panes = slugs.map((slug) => new Pane({
    settings: new PaneSettings(slug, options), room, tab, tabs, sender, ended,
    waits: (isWaiting) => held.waits(identity(slug).name, isWaiting),
    arrived: (message) => stream.isOn || teller.arrived(slug, message),
    state: (now) => teller.state(now),
  }));
  $('#panes').replaceChildren(...panes.map(({ root }) => root));
  const lanes = new Lanes($('#lanes'), new Map(panes.map(({ slug, log }) => [slug, log])));
  sender.addEventListener('sent', (event) => lanes.sent(/** @type {CustomEvent<number>} */ (event).detail));
  mountLegend($('#legend'));
  const counters = startCounters({ room: room.name, tab }, panes);
  const refresh = setInterval(() => {
    for (const pane of panes) pane.refresh();
  }, REFRESH_MS);
  const reset = () => Promise.all([counters.reset(), ...panes.map((pane) => pane.reset())]);
  offerControls({ options, sender, stream, reset });
  let isOver = false;
  // The server counts once it is asked: what it costs to open counts too.
  counters.reset().then(() => {
    if (isOver) return;
    counters.start();
    for (const pane of panes) pane.open();
  });

  return () => {
    isOver = true;
    stream.stop();
    counters.stop();
    lanes.stop();
    clearInterval(refresh);
    for (const pane of panes) pane.close();
  };
}

/**
 * @param {{ room: string, tab: string | null }} reader
 * @param {Pane[]} panes
 */
function startCounters(reader, panes) {
  const counters = new Counters(reader);
  counters.addEventListener('anew', () => {
    for (const pane of panes) pane.reset();
  });
  counters.addEventListener('change', () => {
    for (const pane of panes) pane.showCounted(counters);
    $('#counted').textContent = origin(counters);
  });
  return counters;
}

/** @param {Counters} counters */
function origin({ counts, latest }) {
  if (!counts || !latest) return 'Bytes, segments: this server’s platform does not count them.';
  return `Bytes, segments: the server’s kernel, ${latest.counted_by}; behind a proxy, between proxy and server.`;
}
