// One transport's pane: a client of its own, with its own cursor and connection.

import { Connection } from '../connection/connection.js';
import { whyNot } from '../connection/diagnosis.js';
import { element } from '../shared/dom.js';
import { tellDrop } from '../lines/faults.js';
import { colourWith, identity } from '../shared/identities.js';
import { marker } from '../shared/markers.js';
import { Meter } from '../meters/meter.js';
import { Arrivals } from './arrivals.js';
import { PaneFigures } from './pane-figures.js';
import { LaneLog } from './lane-log.js';
import { PaneState } from './pane-state.js';

export class Pane {
  log = new LaneLog();
  #meter = new Meter();
  #figures = new PaneFigures();
  #state = new PaneState();
  #slug;
  #reader;
  #arrivals;
  #sender;
  #connection;

  /**
   * `settings` is this pane's (pane-settings.js), `room` the room with its head, `sender`
   * knows which messages are this page's, `waits(isWaiting)` is told whether it has to wait for a
   * connection, `ended(why)` is as of connection.js.
   */
  constructor({ settings, room, tab, tabs, sender, waits, ended }) {
    this.#slug = settings.transport;
    this.#reader = { room: room.name, tab, transport: this.#slug };
    this.#sender = sender;
    this.#arrivals = new Arrivals(this.#reader, identity(this.#slug).name);
    this.root = this.#build();
    this.#connection = new Connection({
      reader: { room: room.name, query: tab ? { tab } : {}, presence: false },
      after: room.head, settings, tabs, on: this.#listeners(waits, ended),
      diagnose: (after) => whyNot(room.name, after),
    });
  }

  get slug() { return this.#slug; }

  open() { this.#connection.reopen(); }

  close() {
    this.#connection.close();
    this.#state.show({ state: 'closed' });
  }

  reset() {
    this.#meter.reset();
    this.#figures.showMeter(this.#meter);
  }

  /** What changes with time alone. */
  refresh() {
    this.log.forget();
    this.#figures.showMeter(this.#meter);
    this.#state.refresh(this.log.isParked);
  }

  /** `counters` are of counters.js, and have just been told. */
  showCounted(counters) {
    this.#figures.showCounted(counters.of(this.#slug), this.#meter.figures.messages);
  }

  #listeners(waits, ended) {
    const ignore = () => {};
    return {
      message: (...arrived) => this.#arrived(...arrived),
      presence: ignore, ack: ignore, refused: ignore, attempts: ignore,
      trace: (event) => {
        this.#meter.trace(event);
        this.log.trace(event);
      },
      state: (now) => {
        this.root.dataset.state = now.state;
        this.#state.show(now);
        waits(Boolean(now.waiting));
      },
      ended,
    };
  }

  #arrived(message, { exchange, at }) {
    const sentAt = this.#sender.dueOf(message);
    this.#meter.arrived(sentAt === undefined ? undefined : at - sentAt);
    this.log.delivered(at, sentAt);
    this.#arrivals.add(message, { asked: this.log.askedAt(exchange), at, sentAt });
  }

  #build() {
    const { name } = identity(this.#slug);
    const title = element('h2', {}, marker(this.#slug), element('span', { className: 'name' }, name));
    const head = element('header', {}, title, this.#state.root, this.#dropButton(name));
    const root = element('article', { className: 'pane' }, head, this.#arrivals.root, this.#figures.root);
    root.dataset.transport = this.#slug;
    root.dataset.state = 'connecting';
    return colourWith(root, this.#slug);
  }

  #dropButton(name) {
    const button = element('button', { type: 'button', className: 'quiet drop', title: 'Drop the connection' }, 'Drop');
    button.append(element('span', { className: 'visually-hidden' }, ` the connection of ${name}`));
    button.addEventListener('click', async () => this.#state.note(await tellDrop(this.#reader)));
    return button;
  }
}
