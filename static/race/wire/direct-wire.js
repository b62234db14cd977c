// Reads and posts from this page itself, over the line that it came by.

/** @import { Tabs } from '../../connection/tabs.js' */
/** @import { Draft } from '../../shared/types.js' */
/** @import { Reader, ReaderOptions, Socket, SocketListeners, Wire } from './wire.js' */

import { Connection } from '../../connection/connection.js';
import { whyNot } from '../../connection/diagnosis.js';
import { postJson } from '../../shared/api.js';
import { SenderSocket } from './sender-socket.js';

/** @implements {Wire} */
export class DirectWire {
  #tabs;

  /** @param {Tabs} tabs */
  constructor(tabs) { this.#tabs = tabs; }

  get holders() { return this.#tabs; }

  /**
   * @param {ReaderOptions} options
   * @returns {Reader}
   */
  read({ room, tab, after, settings, on }) {
    const ignore = () => {};
    const connection = new Connection({
      reader: { room: room.name, query: tab ? { tab } : {}, presence: false },
      after, settings, tabs: this.#tabs,
      on: { presence: ignore, ack: ignore, refused: ignore, attempts: ignore, ...on },
      diagnose: (reached) => whyNot(room, reached),
    });
    return { open: () => connection.reopen(), close: () => connection.close() };
  }

  /**
   * @param {string} room
   * @param {Draft} draft
   */
  async post(room, { key, body }) {
    await postJson(`/api/rooms/${room}/messages`, { body, key }, { isApart: true });
    return performance.now();
  }

  /**
   * @param {string} room
   * @param {number} after
   * @param {SocketListeners} on
   * @returns {Socket}
   */
  openSocket(room, after, on) { return new SenderSocket(room, after, on); }

  /** Nothing is left behind: readers are closed one by one. */
  close() {}
}
