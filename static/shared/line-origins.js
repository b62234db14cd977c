// The origins of this server's network paths: each is another port of the host that this page came from.

/** @import { NetworkPath } from './types.js' */

/** @type {(line: NetworkPath) => string} */
export function originOf({ port }) {
  const address = new URL(location.origin);
  address.port = String(port); // the scheme's own is left out
  return address.origin;
}

/**
 * The one this page came over, or undefined.
 * @param {NetworkPath[]} lines
 */
export const currentPath = (lines) => lines.find((line) => originOf(line) === location.origin);

/**
 * @param {string} origin
 * @param {NetworkPath[]} lines
 */
export const isOfLine = (origin, lines) => lines.some((line) => originOf(line) === origin);
