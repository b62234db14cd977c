// The race itself: a room, a pane for each transport, their record, and what is sent.

/** @import { Ending, Room } from '../shared/types.js' */
/** @import { Options } from './options.js' */
/** @import { Wire } from './wire/wire.js' */

import { Counters } from '../meters/counters.js';
import { $ } from '../shared/dom.js';
import { identities, identity } from '../shared/identities.js';
import { transports } from '../transports/index.js';
import { offerControls } from './controls.js';
import { Costs } from './costs/costs.js';
import { CURVED } from './costs/plane.js';
import { askSizes } from './costs/sizes.js';
import { verdict } from './costs/verdict.js';
import { Held } from './held.js';
import { Pane } from './pane.js';
import { PaneSettings } from './pane-settings.js';
import { KEPT_MS, Record } from './record/record.js';
import { Sender } from './sender.js';
import { Stream } from './stream.js';
import { Teller } from './teller.js';

/** All panes show their messages at once, and each second time their figures: one layout instead of many. */
const TICK_MS = 500;
const FIGURES_EVERY = 2;

/**
 * The options of a race; `tab` goes into its requests.
 * @typedef {object} Start
 * @property {Room} room
 * @property {string | null} tab
 * @property {Options} options
 * @property {Wire} wire over which it begins
 * @property {(why: Ending) => void} ended
 */

/** The transports that can race: those that the server names and this page has a module for. */
export const racers = () => identities().map(({ slug }) => slug).filter((slug) => transports.has(slug));

export class Race {
  record = new Record(racers());
  sender;
  stream;
  costs;
  /** @type {Room} */
  #room;
  /** @type {string | null} */
  #tab;
  /** @type {Pane[]} */
  #panes;
  /** @type {Wire} */
  #wire;
  #held;
  #counters;
  #teller;
  /** @type {ReturnType<typeof setInterval>} */
  #refresh;
  /** @type {number | null} */
  #learnFrom = null;
  #ticks = 0;
  #hasBegun = false;
  #isOver = false;

  /**
   * Starts it from the room's head.
   * @param {Start} start
   */
  constructor({ room, tab, options, wire, ended }) {
    [this.#room, this.#tab, this.#wire] = [room, tab, wire];
    this.sender = new Sender(room, this.record, wire);
    this.stream = new Stream(this.sender, options);
    this.costs = new Costs($('#costs'), { record: this.record, options });
    this.#teller = new Teller($('#told'), racers());
    this.#held = new Held(wire.holders);
    this.#panes = this.#makePanes({ options, ended });
    $('#panes').replaceChildren(...this.#panes.map(({ root }) => root));
    this.#counters = startCounters({ room: room.name, tab }, this.#panes);
    this.#refresh = setInterval(() => this.#tick(), TICK_MS);
    this.stream.addEventListener('change', () => this.stream.isOn && this.costs.reveal());
    offerControls({ options, sender: this.sender, stream: this.stream, reset: () => this.reset() });
    this.#open();
  }

  reset() { return Promise.all([this.#counters.reset(), ...this.#panes.map((pane) => pane.reset())]); }

  /** Drops what is open, of every transport. */
  drop() { return Promise.all(this.#panes.map((pane) => pane.drop())); }

  /**
   * Goes on over another line: what is open is closed, and opened there from what has been read. All else stays.
   * @param {Wire} wire
   * @param {{ from: string, to: string }} names of the lines
   */
  use(wire, names) {
    if (this.#isOver) return wire.close();
    this.record.wentOver(names, performance.now());
    const before = this.#wire;
    this.#wire = wire;
    this.#held.watch(wire.holders);
    this.sender.use(wire);
    for (const pane of this.#panes) {
      pane.use(wire);
      if (this.#hasBegun) pane.open();
    }
    before.close();
  }

  stop() {
    this.#isOver = true;
    this.stream.stop();
    this.#counters.stop();
    clearInterval(this.#refresh);
    for (const pane of this.#panes) pane.close();
    this.#wire.close();
  }

  /** The server counts once it is asked: what it costs to open counts too. */
  async #open() {
    await this.#counters.reset();
    if (this.#isOver) return;
    this.#counters.start();
    this.#hasBegun = true;
    for (const pane of this.#panes) pane.open();
  }

  /** @param {Pick<Start, 'options' | 'ended'>} start */
  #makePanes({ options, ended }) {
    return racers().map((slug) => new Pane({
      settings: new PaneSettings(slug, options), room: this.#room, tab: this.#tab, wire: this.#wire, record: this.record, ended,
      waits: (isWaiting) => this.#held.waits(identity(slug).name, isWaiting),
      arrived: (message) => {
        if (!this.stream.isOn) this.#teller.arrived(slug, message);
        if (slug === CURVED) this.#learnFrom = message.seq;
      },
      state: (now) => this.#teller.state(now),
    }));
  }

  /**
   * Of a message that a poll has brought which is not parked. The server records a response a moment after it is
   * here, so it is asked later.
   */
  async #learnSizes() {
    const seq = this.#learnFrom;
    this.#learnFrom = null;
    if (seq === null || this.costs.sizes || !this.#counters.counts) return;
    this.costs.sizes = await askSizes({ room: this.#room.name, tab: this.#tab, transport: CURVED }, seq);
  }

  #tick() {
    this.#ticks += 1;
    for (const pane of this.#panes) pane.showArrivals();
    if (this.#ticks % FIGURES_EVERY === 0) this.#show();
  }

  /** What changes with time alone. */
  #show() {
    this.record.forget(performance.now() - KEPT_MS);
    const all = new Map(this.#panes.map((pane) => [pane.slug, pane.measured]));
    for (const pane of this.#panes) pane.refresh(verdict(pane.slug, all), all.get(pane.slug) ?? {});
    this.costs.show(all);
    this.#learnSizes();
  }
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
