// Reads and posts over another line, through a page of that line's origin in a frame (frame.js, static/line).

/** @import { ConnectionSettings, Draft, NetworkPath } from '../../shared/types.js' */
/** @import { FarClock } from './far-clock.js' */
/** @import { Order, Report } from './far-messages.js' */
/** @import { Framed } from './frame.js' */
/** @import { Holders, Reader, ReaderOptions, Socket, SocketListeners, Wire } from './wire.js' */

import { ApiError } from '../../shared/api.js';
import { isOffline } from '../../shared/offline.js';
import { openFrame } from './frame.js';

/** @typedef {{ [name: string]: (...values: any[]) => void }} Listeners */
/** @typedef {{ resolve: (at: number) => void, reject: (error: ApiError) => void }} Posting */

/** @implements {Wire} */
export class FramedWire {
  holders = new FarHolders();
  #port;
  #clock;
  #remove;
  #count = 0;
  /** @type {Map<number, Listeners>} */
  #heard = new Map();
  /** @type {Map<number, Posting>} */
  #posts = new Map();
  #gone = new AbortController();

  /**
   * Rejects with an Error where the line can't be reached.
   * @param {NetworkPath} line
   */
  static async open(line) { return new FramedWire(await openFrame(line)); }

  /** @param {Framed} framed */
  constructor({ port, clock, remove }) {
    this.#port = port;
    this.#clock = clock;
    this.#remove = remove;
    port.addEventListener('message', ({ data }) => this.#hear(data));
    for (const event of ['offline', 'online']) {
      window.addEventListener(event, () => this.#tellOffline(), { signal: this.#gone.signal });
    }
    this.#tellOffline();
  }

  /**
   * @param {ReaderOptions} options
   * @returns {Reader}
   */
  read(options) {
    const id = ++this.#count;
    return new FarReader({ id, tell: (order) => this.#tell(order), clock: this.#clock, listeners: this.#heard }, options);
  }

  /**
   * @param {string} room
   * @param {Draft} draft
   * @returns {Promise<number>}
   */
  post(room, { key, body }) {
    const id = ++this.#count;
    this.#tell({ kind: 'post', id, room, draft: { key, body } });
    return new Promise((resolve, reject) => { this.#posts.set(id, { resolve, reject }); });
  }

  /**
   * @param {string} room
   * @param {number} after
   * @param {SocketListeners} on
   * @returns {Socket}
   */
  openSocket(room, after, on) {
    const id = ++this.#count;
    this.#heard.set(id, { ...on });
    this.#tell({ kind: 'socket', id, room, after });
    return {
      send: ({ key, body }) => this.#tell({ kind: 'send', id, draft: { key, body } }),
      close: () => {
        this.#heard.delete(id);
        this.#tell({ kind: 'close', id });
      },
    };
  }

  close() {
    this.#gone.abort();
    this.#leave();
  }

  /** The frame stays until its posts have come to their end. */
  #leave() {
    if (this.#gone.signal.aborted && this.#posts.size === 0) this.#remove();
  }

  /** @param {Order} order */
  #tell(order) { this.#port.postMessage(order); }

  #tellOffline() { this.#tell({ kind: 'offline', isCut: isOffline() }); }

  /** @param {Report} report */
  #hear(report) {
    if (report.kind === 'event') this.#heard.get(report.id)?.[report.name]?.(...report.values);
    else if (report.kind === 'holders') this.holders.set(report);
    else if (report.kind === 'posted') this.#ended(report.id, ({ resolve }) => resolve(this.#clock.here(report.at)));
    else if (report.kind === 'refused') this.#ended(report.id, ({ reject }) => reject(new ApiError(report.message, report)));
  }

  /**
   * @param {number} id
   * @param {(posting: Posting) => void} settle
   */
  #ended(id, settle) {
    const posting = this.#posts.get(id);
    this.#posts.delete(id);
    if (posting) settle(posting);
    this.#leave();
  }
}

/**
 * A reader at the far end.
 * @implements {Reader}
 */
class FarReader {
  #far;
  #trace;
  #gone = new AbortController();

  /**
   * @param {{ id: number, tell: (order: Order) => void, clock: FarClock, listeners: Map<number, Listeners> }} far
   * @param {ReaderOptions} options
   */
  constructor(far, { room, tab, after, settings, on }) {
    this.#far = far;
    this.#trace = on.trace;
    const { id, tell, clock, listeners } = far;
    listeners.set(id, {
      message: (message, arrived) => on.message(message, clock.timed(arrived)),
      trace: (event) => on.trace(clock.timed(event)),
      state: on.state,
      ended: on.ended,
    });
    tell({ kind: 'read', id, room, tab, after, settings: said(settings) });
    const { signal } = this.#gone;
    settings.addEventListener('change', () => tell({ kind: 'set', id, settings: said(settings) }), { signal });
  }

  open() { this.#far.tell({ kind: 'open', id: this.#far.id }); }

  /** What it still reports is not heard, so its end is told here. */
  close() {
    this.#gone.abort();
    if (!this.#far.listeners.delete(this.#far.id)) return;
    this.#far.tell({ kind: 'close', id: this.#far.id });
    this.#trace({ kind: 'closed', exchange: null, at: performance.now() });
  }
}

/** @param {ConnectionSettings} settings */
const said = ({ transport, values, bound }) => ({ transport, values: { ...values }, bound });

/**
 * What the far end says of its origin's connections.
 * @implements {Holders}
 */
class FarHolders extends EventTarget {
  held = 0;
  /** @type {Holders['holders']} */
  holders = [];

  /** @param {Pick<Holders, 'held' | 'holders'>} said */
  set({ held, holders }) {
    this.held = held;
    this.holders = holders;
    this.dispatchEvent(new Event('change'));
  }
}
