// The meters of the chat page: figures of the transport in use, and their history,
// in a panel above the conversation.

/** @import { Arrival, ConnectionNow, Message, TraceEvent } from '../shared/types.js' */
/** @import { Chart } from './chart.js' */

import { $ } from '../shared/dom.js';
import { Counters } from './counters.js';
import { latencyOf } from './latency.js';
import { Meter } from './meter.js';
import { showFigures } from './panel-figures.js';
import { Past } from './past.js';

/** Where a tab keeps whether they are open. */
export const METERS = 'pushlab.meters';
/** Often enough for the server to go on recording what "How did this get here?" shows. */
const CLOSED_MS = 60_000;
/** Figures and the chart are drawn at most so often, however many messages come. */
const DRAW_MS = 250;

export class Meters {
  #meter = new Meter();
  #past = new Past();
  #counters;
  #panel = $('#meters');
  #button = $('#show-meters');
  #me;
  /** @type {string | null} */
  #transport = null;
  #since = new Date();
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
  trace(event) { this.#meter.trace(event); }

  /**
   * The cost counts from the first try, a change once it works.
   * @param {ConnectionNow} now
   */
  state({ state, transport }) {
    if (transport !== this.#transport) this.#use(transport);
    if (state === 'live') this.#past.uses(transport);
    this.#draw();
  }

  /** @param {string} transport */
  #use(transport) {
    const isFirst = this.#transport === null; // nothing has been counted since `begin` asked
    this.#transport = transport;
    this.#meterAnew();
    if (!isFirst) this.#counters.reset();
  }

  #meterAnew() {
    this.#since = new Date();
    this.#meter.reset();
  }

  /**
   * A message was received; `sentAt` where this page sent it.
   * @param {Message} message
   * @param {Arrival} arrival
   * @param {number} [sentAt]
   */
  arrived(message, arrival, sentAt) {
    const latency = latencyOf(message, arrival, { sentAt, isOwn: message.author === this.#me });
    this.#meter.arrived(latency);
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
      const counted = this.#counters.of(this.#transport);
      const about = { transport: this.#transport, since: this.#since, counts: this.#counters.counts };
      showFigures(this.#meter.figures, counted, about);
      this.#chart?.draw();
    }, DRAW_MS);
  }
}

/** The server is away, or another version of it has other files. The figures need none. */
function notLoaded() {
  $('#meters-chart').textContent = 'The chart could not be loaded. Reload the page.';
}
