// One transport's pane: a client of its own, with its own cursor and connection.

/** @import { Arrived, ConnectionListeners, ConnectionNow, ConnectionSettings, Ending, Message, Room } from '../shared/types.js' */
/** @import { Tabs } from '../connection/tabs.js' */
/** @import { Counters } from '../meters/counters.js' */
/** @import { Counted, Measured } from './costs/measured.js' */
/** @import { Record } from './record/record.js' */

import { Connection } from '../connection/connection.js';
import { whyNot } from '../connection/diagnosis.js';
import { Meter } from '../meters/meter.js';
import { dropAndDescribe } from '../network-paths/faults.js';
import { element } from '../shared/dom.js';
import { colourWith, identity } from '../shared/identities.js';
import { marker } from '../shared/markers.js';
import { Arrivals } from './arrivals.js';
import { measured } from './costs/measured.js';
import { PaneFigures } from './pane-figures.js';
import { PaneState } from './pane-state.js';
import { StageFigures } from './stage-figures.js';

/**
 * `record` takes what happens, and knows which messages are this page's; `waits` is called with whether it has to wait for a connection,
 * `arrived` with a message of this page and how many ms it took, `state` with each state of the connection.
 * @typedef {object} Options
 * @property {ConnectionSettings} settings
 * @property {Room} room with its head
 * @property {string | null} tab
 * @property {Tabs} tabs
 * @property {Record} record
 * @property {(isWaiting: boolean) => void} waits
 * @property {(message: { key: string, seq: number, body: string, took: number }) => void} arrived
 * @property {(now: ConnectionNow) => void} state
 * @property {(why: Ending) => void} ended
 */

export class Pane {
  #meter = new Meter();
  #figures = new PaneFigures();
  #state = new PaneState();
  #verdict = element('p', { className: 'verdict' });
  #stageFigures = new StageFigures();
  /** @type {Counted | null} */
  #counted = null;
  #slug;
  #reader;
  #arrivals;
  #record;
  #log;
  #tell;
  #connection;

  /** @param {Options} options */
  constructor({ settings, room, tab, tabs, record, waits, arrived, state, ended }) {
    this.#slug = settings.transport;
    this.#reader = { room: room.name, tab, transport: this.#slug };
    this.#record = record;
    this.#log = record.lane(this.#slug);
    this.#tell = arrived;
    this.#arrivals = new Arrivals(this.#reader, identity(this.#slug).name);
    this.root = this.#build();
    this.#connection = new Connection({
      reader: { room: room.name, query: tab ? { tab } : {}, presence: false },
      after: room.head, settings, tabs, on: this.#listeners({ waits, state, ended }),
      diagnose: (after) => whyNot(room, after),
    });
  }

  get slug() { return this.#slug; }

  open() { this.#connection.reopen(); }

  /** Drops the connection, and says what came of it. */
  async drop() { this.#state.note(await dropAndDescribe(this.#reader)); }

  close() {
    this.#connection.close();
    this.#state.show({ state: 'closed' });
  }

  reset() {
    this.#meter.reset();
    this.#counted = null;
    this.#figures.showMeter(this.#meter);
  }

  /** The messages that have come since. */
  showArrivals() { this.#arrivals.show(); }

  /** What it has cost so far; bytes as of the latest count. */
  get measured() { return measured(this.#meter.figures, this.#counted); }

  /**
   * What changes with time alone; `verdict` is what has come of the transport so far.
   * @param {string} verdict
   * @param {Measured} measured
   */
  refresh(verdict, measured) {
    this.#stageFigures.show(measured);
    if (this.#verdict.textContent !== verdict) this.#verdict.textContent = verdict;
    this.#figures.showMeter(this.#meter);
    this.#state.refresh(this.#log.isParked);
  }

  /**
   * Called after `counters` were updated.
   * @param {Counters} counters
   */
  showCounted(counters) {
    const { messages } = this.#meter.figures;
    const tally = counters.of(this.#slug);
    this.#counted = tally && { tally, messages };
    this.#figures.showCounted(tally, messages);
  }

  /**
   * @param {Pick<Options, 'waits' | 'state' | 'ended'>} told
   * @returns {ConnectionListeners}
   */
  #listeners({ waits, state, ended }) {
    const ignore = () => {};
    return {
      message: (message, arrived) => this.#arrived(message, arrived),
      presence: ignore, ack: ignore, refused: ignore, attempts: ignore,
      trace: (event) => {
        this.#meter.trace(event);
        this.#record.trace(this.#slug, event);
      },
      state: (now) => {
        this.root.dataset.state = now.state;
        this.#state.show(now);
        waits(Boolean(now.waiting));
        state(now);
      },
      ended,
    };
  }

  /**
   * @param {Message} message
   * @param {Arrived} arrived
   */
  #arrived(message, { exchange, at }) {
    const { due: sentAt } = this.#record.delivered(this.#slug, message, { exchange, at });
    this.#meter.arrived(sentAt === undefined ? undefined : at - sentAt);
    this.#arrivals.add(message, { asked: this.#log.askedAt(exchange), at, sentAt });
    const { key, seq, body } = message;
    if (sentAt !== undefined && key !== null) this.#tell({ key, seq, body, took: at - sentAt });
  }

  #build() {
    const { name } = identity(this.#slug);
    const title = element('h2', {}, marker(this.#slug), element('span', { className: 'name' }, name));
    const head = element('header', {}, title, this.#state.root, this.#dropButton(name));
    const root = element('article', { className: 'pane' }, head, this.#verdict, this.#arrivals.root, this.#figures.root, this.#stageFigures.root);
    root.setAttribute('aria-label', name);
    root.dataset.transport = this.#slug;
    root.dataset.state = 'connecting';
    return colourWith(root, this.#slug);
  }

  /** @param {string} name */
  #dropButton(name) {
    const button = element('button', { type: 'button', className: 'quiet drop', title: 'Drop the connection' }, 'Drop');
    button.append(element('span', { className: 'visually-hidden' }, ` the connection of ${name}`));
    button.addEventListener('click', () => this.drop());
    return button;
  }
}
