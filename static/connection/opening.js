// One opening of one transport, of which connection.js may have two at a time. Once it is void,
// whatever it still says is not heard.

/** @import { Handle } from '../shared/types.js' */
/** @import { Place } from './tabs.js' */

export class Opening {
  /** @type {Handle | null} */
  handle = null;
  isVoid = false;
  #place;

  /**
   * `place` is one of tabs.js that is this opening's alone, and left with it.
   * @param {string} slug
   * @param {Place | null} [place]
   */
  constructor(slug, place = null) {
    this.slug = slug;
    this.#place = place;
  }

  /** Closes it; answers whether anything was open. */
  close() {
    const wasOpen = !this.isVoid && this.handle !== null;
    this.isVoid = true;
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
      if (this.isVoid) return undefined;
      if (COMES_THROUGH.includes(name)) heard();
      return listen(...values);
    }];
    return Object.fromEntries(Object.entries(listeners).map(guard));
  }
}

/** An open line has not carried anything yet: a proxy may answer for a server, and swallow the rest. */
const COMES_THROUGH = ['message', 'presence', 'ack', 'refused'];
