// One opening of one transport, of which connection.js may have two at a time. After it is
// closed, what its transport still reports is ignored.

/** @import { Handle } from '../shared/types.js' */
/** @import { Place } from './tabs.js' */

export class Opening {
  /** @type {Handle | null} */
  handle = null;
  isClosed = false;
  #place;

  /**
   * `place` is one of tabs.js that belongs to this opening alone, and is given back with it.
   * @param {string} slug
   * @param {Place | null} [place]
   */
  constructor(slug, place = null) {
    this.slug = slug;
    this.#place = place;
  }

  /** Closes it; returns whether anything was open. */
  close() {
    const wasOpen = !this.isClosed && this.handle !== null;
    this.isClosed = true;
    this.handle?.close();
    this.leavePlace();
    return wasOpen;
  }

  leavePlace() {
    this.#place?.leave();
    this.#place = null;
  }

  /**
   * `listeners` as long as this opening counts; `heard` is called when something comes through.
   * @template {object} Listeners
   * @param {Listeners} listeners
   * @param {() => void} heard
   * @returns {Listeners}
   */
  guarded(listeners, heard) {
    const guard = (/** @type {[string, Function]} */ [name, listen]) => [name, (/** @type {unknown[]} */ ...values) => {
      if (this.isClosed) return undefined;
      if (COMES_THROUGH.includes(name)) heard();
      return listen(...values);
    }];
    return Object.fromEntries(Object.entries(listeners).map(guard));
  }
}

/** An open stream has not carried anything yet: a proxy may respond for the server and hold back the rest. */
const COMES_THROUGH = ['message', 'presence', 'ack', 'refused'];
