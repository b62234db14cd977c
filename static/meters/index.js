// The meters of the chat page: figures of each transport that was in use, side by side, and their history, in a
// panel above the conversation.

/** @import { Arrival, ConnectionNow, Message, TraceEvent } from '../shared/types.js' */
/** @import { Chart } from './chart.js' */

import { $, element } from '../shared/dom.js';
import { colourWith, identity } from '../shared/identities.js';
import { marker } from '../shared/markers.js';
import { plural } from '../shared/units.js';
import { Counters } from './counters.js';
import { latencyOf } from './latency.js';
import { Meter } from './meter.js';
import { Past } from './past.js';
import { FigureTable } from './table.js';

/** Where a tab keeps whether they are open. */
export const METERS = 'pushlab.meters';
/** Often enough for the server to go on recording what "How did this get here?" shows. */
const CLOSED_MS = 60_000;
/** Figures and the chart are drawn at most so often, however many messages come. */
const DRAW_MS = 250;

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

export class Meters {
  /** @type {Map<string, Meter>} */
  #meters = new Map(); // by transport, of those that were in use
  #past = new Past();
  #counters;
  #panel = $('#meters');
  #button = $('#show-meters');
  #me;
  /** @type {string | null} */
  #transport = null;
  #since = new Date();
  /** @type {FigureTable | null} */
  #table = null;
  /** @type {Chart | null} */
  #chart = null;
  /** @type {number | undefined} */
  #drawing;

  /**
   * @param {{ room: string, tab: string }} reader
   * @param {string} as the account
   */
  constructor(reader, as) {
    this.#me = as;
    this.#counters = new Counters(reader, { as });
    this.#counters.addEventListener('anew', () => this.#meterAnew());
    this.#counters.addEventListener('change', () => this.#counted());
    this.#button.hidden = false;
    this.#button.addEventListener('click', () => this.#set(Boolean(this.#panel.hidden)));
    $('#hide-meters').addEventListener('click', () => {
      this.#set(false);
      this.#button.focus();
    });
    setInterval(() => this.#panel.hidden && this.#counters.refresh(), CLOSED_MS);
  }

  /** Asks for the first time: from then on the server records, so this comes before any transport. */
  async begin() {
    await this.#counters.reset();
    if (sessionStorage.getItem(METERS) === 'open') this.#set(true);
  }

  /** @param {TraceEvent} event */
  trace(event) { this.#now?.trace(event); }

  /**
   * The cost counts from the first try, a change once it works.
   * @param {ConnectionNow} now
   */
  state({ state, transport }) {
    if (transport !== this.#transport) this.#use(transport);
    if (state === 'live') this.#past.uses(transport);
    this.#draw();
  }

  /** The meter of the transport in use. */
  get #now() { return this.#transport === null ? undefined : this.#meters.get(this.#transport); }

  /** @param {string} transport */
  #use(transport) {
    this.#now?.rest();
    this.#transport = transport;
    this.#since = new Date();
    this.#meterOf(transport).resume();
  }

  /** @param {string} transport */
  #meterOf(transport) {
    const meter = this.#meters.get(transport) ?? new Meter();
    this.#meters.set(transport, meter);
    return meter;
  }

  /** The server counts from 0 again: figures per message would mix two counts. */
  #meterAnew() {
    this.#since = new Date();
    for (const meter of this.#meters.values()) meter.reset();
  }

  /**
   * A message was received; `sentAt` where this page sent it.
   * @param {Message} message
   * @param {Arrival} arrival
   * @param {number} [sentAt]
   */
  arrived(message, arrival, sentAt) {
    const latency = latencyOf(message, arrival, { sentAt, isOwn: message.author === this.#me });
    this.#meterOf(arrival.transport).arrived(latency);
    if (latency !== undefined) this.#past.arrived(latency, arrival.transport);
    this.#draw();
  }

  #counted() {
    this.#past.counted(this.#counters.of(this.#transport));
    this.#draw();
  }

  /** @param {boolean} isOpen */
  async #set(isOpen) {
    this.#panel.hidden = !isOpen;
    this.#button.setAttribute('aria-expanded', String(isOpen));
    sessionStorage.setItem(METERS, isOpen ? 'open' : 'closed');
    if (!isOpen) return this.#counters.stop();
    this.#counters.start();
    this.#draw();
    // Loaded when the panel is first opened.
    await import('./chart.js').then(({ Chart }) => {
      this.#chart ??= new Chart($('#meters-chart'), this.#past);
    }, notLoaded);
    return this.#draw();
  }

  #draw() {
    if (this.#panel.hidden || this.#drawing) return;
    this.#drawing = setTimeout(() => {
      this.#drawing = undefined;
      this.#showFigures();
      this.#chart?.draw();
    }, DRAW_MS);
  }

  #showFigures() {
    this.#table ??= new FigureTable($('#meters-figures'));
    $('#meters-uncounted').hidden = this.#counters.counts !== false;
    for (const [transport, meter] of this.#meters) this.#table.show(transport, meter.figures, this.#counters.of(transport));
    if (this.#transport === null) return;
    this.#table.mark(this.#transport);
    showSubject(this.#transport, this.#since, this.#now?.figures.messages ?? 0);
  }
}

/**
 * @param {string} transport
 * @param {Date} since
 * @param {number} messages
 */
function showSubject(transport, since, messages) {
  const { name } = identity(transport);
  const text = `${name} since ${time.format(since)}, ${plural(messages, 'message')}`;
  $('#meters-subject').replaceChildren(marker(transport), element('span', {}, text));
  colourWith($('#meters'), transport);
}

/** The server is away, or another version of it has other files. The figures need none. */
function notLoaded() {
  $('#meters-chart').textContent = 'The chart could not be loaded. Reload the page.';
}
