// Does what the race says over its port, through a wire of this page, and reports what comes of it.

/** @import { ApiError } from '../shared/api.js' */
/** @import { Order, Report, Said } from '../race/wire/far-messages.js' */
/** @import { Reader, Socket, Wire } from '../race/wire/wire.js' */

import { isOffline, pretendOffline } from '../shared/offline.js';

/** @template {Order['kind']} Kind @typedef {Extract<Order, { kind: Kind }>} Ordered */

/** A reader's settings, as the race says them; dispatches `change`. */
class SaidSettings extends EventTarget {
  /** @param {Said} said */
  constructor({ transport, values, bound }) {
    super();
    this.transport = transport;
    this.values = values;
    this.bound = bound;
  }

  /** @param {Said} said */
  say({ values, bound }) {
    this.values = values;
    this.bound = bound;
    this.dispatchEvent(new Event('change'));
  }
}

export class FarEnd {
  #wire;
  #port;
  /** @type {Map<number, { reader: Reader, settings: SaidSettings }>} */
  #readers = new Map();
  /** @type {Map<number, Socket>} */
  #sockets = new Map();

  /**
   * @param {Wire} wire
   * @param {MessagePort} port
   */
  constructor(wire, port) {
    this.#wire = wire;
    this.#port = port;
    port.addEventListener('message', ({ data }) => this.#obey(data));
    port.start();
    const { holders } = wire;
    holders.addEventListener('change', () => this.#tellHolders());
    this.#tell({ kind: 'ready', at: performance.now(), timeOrigin: performance.timeOrigin });
    this.#tellHolders();
  }

  /** @param {Report} report */
  #tell(report) { this.#port.postMessage(report); }

  #tellHolders() {
    const { held, holders } = this.#wire.holders;
    this.#tell({ kind: 'holders', held, holders });
  }

  /** @param {Order} order */
  #obey(order) {
    switch (order.kind) {
      case 'read': return this.#read(order);
      case 'open': return this.#readers.get(order.id)?.reader.open();
      case 'set': return this.#readers.get(order.id)?.settings.say(order.settings);
      case 'post': return this.#post(order);
      case 'socket': return this.#openSocket(order);
      case 'send': return this.#sockets.get(order.id)?.send(order.draft);
      case 'close': return this.#close(order.id);
      case 'offline': return this.#cut(order.isCut);
    }
  }

  /**
   * A function that reports an event of this name.
   * @param {number} id
   * @param {string} name
   */
  #telling(id, name) {
    return (/** @type {any[]} */ ...values) => this.#tell({ kind: 'event', id, name, values });
  }

  /** @param {Ordered<'read'>} order */
  #read({ id, room, tab, after, settings: said }) {
    const settings = new SaidSettings(said);
    const on = {
      message: this.#telling(id, 'message'), trace: this.#telling(id, 'trace'),
      state: this.#telling(id, 'state'), ended: this.#telling(id, 'ended'),
    };
    this.#readers.set(id, { settings, reader: this.#wire.read({ room, tab, after, settings, on }) });
  }

  /** @param {Ordered<'post'>} order */
  async #post({ id, room, draft }) {
    try {
      this.#tell({ kind: 'posted', id, at: await this.#wire.post(room, draft) });
    } catch (error) {
      const { message, status } = /** @type {ApiError} */ (error);
      this.#tell({ kind: 'refused', id, message, status });
    }
  }

  /** @param {Ordered<'socket'>} order */
  #openSocket({ id, room, after }) {
    const on = {
      up: this.#telling(id, 'up'), ack: this.#telling(id, 'ack'),
      refused: this.#telling(id, 'refused'), lost: this.#telling(id, 'lost'),
    };
    this.#sockets.set(id, this.#wire.openSocket(room, after, on));
  }

  /** @param {number} id */
  #close(id) {
    this.#readers.get(id)?.reader.close();
    this.#sockets.get(id)?.close();
    this.#readers.delete(id);
    this.#sockets.delete(id);
  }

  /**
   * The window's own events, `offline` and `online`, come here too: only what is pretended has to be said.
   * @param {boolean} isCut
   */
  #cut(isCut) {
    if (isCut !== isOffline()) pretendOffline(isCut);
  }
}
