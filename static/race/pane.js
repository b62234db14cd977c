// One transport's pane: a client of its own, with its own cursor, and a reader that may change to another line.

/** @import { Arrived, ConnectionNow, ConnectionSettings, Ending, Message, Room } from '../shared/types.js' */
/** @import { Counters } from '../meters/counters.js' */
/** @import { Counted, Measured } from './costs/measured.js' */
/** @import { Record } from './record/record.js' */
/** @import { Reader, ReaderListeners, Wire } from './wire/wire.js' */

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
 * @property {Wire} wire
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
  #name;
  #arrivals;
  #record;
  #log;
  #tell;
  #from;
  #after;
  /** @type {Reader} */
  #reader;

  /** @param {Options} options */
  constructor({ settings, room, tab, wire, record, waits, arrived, state, ended }) {
    this.#slug = settings.transport;
    this.#name = { room: room.name, tab, transport: this.#slug };
    this.#record = record;
    this.#log = record.lane(this.#slug);
    this.#tell = arrived;
    this.#arrivals = new Arrivals(this.#name, identity(this.#slug).name);
    this.root = this.#build();
    this.#from = { room, tab, settings, on: this.#listeners({ waits, state, ended }) };
    this.#after = room.head;
    this.#reader = this.#readerOver(wire);
  }

  get slug() { return this.#slug; }

  open() { this.#reader.open(); }

  /**
   * Closes what is open, and goes on over another wire, from what has been read so far.
   * @param {Wire} wire
   */
  use(wire) {
    this.#reader.close();
    this.#reader = this.#readerOver(wire);
  }

  /** @param {Wire} wire */
  #readerOver(wire) { return wire.read({ ...this.#from, after: this.#after }); }

  /** Drops the connection, and says what came of it. */
  async drop() { this.#state.note(await dropAndDescribe(this.#name)); }

  close() {
    this.#reader.close();
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
   * @returns {ReaderListeners}
   */
  #listeners({ waits, state, ended }) {
    return {
      message: (message, arrived) => this.#arrived(message, arrived),
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
    this.#after = message.seq;
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
