// Which transport a connection opens, and what follows from a failure. auto.js is the one that chooses.
//
//   slug                          the transport to open now
//   opening()                     it is being opened
//   up()                          the server has answered over it
//   heard()                       something has come through it
//   failed(reason, { hadWorked }) -> `later` (wait and try what `slug` says then) or `now`
//   away()                        the server can't be reached over any transport
//   left()                        nothing is open any more
//   hurry()                       try a better one at once

/** @import { AutoChoice } from './auto.js' */

/** Instead of a transport: whichever works best (auto.js). */
export const AUTO = 'auto';

/** @typedef {FixedChoice | AutoChoice} Choice */

/** The one transport that somebody chose. */
export class FixedChoice {
  /** @param {string} slug */
  constructor(slug) { this.slug = slug; }

  opening() {}

  up() {}

  heard() {}

  /**
   * @param {string} _reason
   * @param {{ hadWorked: boolean }} _details
   * @returns {'now' | 'later'}
   */
  failed(_reason, _details) { return 'later'; }

  away() {}

  left() {}

  hurry() {}
}
