// Where phones come in, and whether they can.

/** @import { ServerInfo } from '../../shared/types.js' */

import { isLoopback } from '../../shared/loopback.js';
import { RACE_ROOM } from '../../shared/rooms.js';

/**
 * The address for phones, and what keeps them from coming: that guests are not admitted, that the server listens for
 * this machine alone. `elsewhere` is the page's own address where others reach it, if that is another one.
 * @typedef {{ address: string, isOutOfReach: boolean, admitsGuests: boolean, elsewhere: string | null }} Place
 */

/**
 * @param {string} room
 * @param {Pick<Location, 'hostname' | 'origin' | 'port' | 'pathname' | 'hash'>} page
 * @param {ServerInfo} server
 * @returns {Place}
 */
export function placeOf(room, { hostname, origin, port, pathname, hash }, { guests, network: main }) {
  const isLocal = isLoopback(hostname);
  // Phones come over the network path of the page: a slow link listens where the server does, on a port of its own.
  const network = main && withPort(main, port);
  const reached = isLocal && network ? network : origin;
  const query = room === RACE_ROOM ? '' : `?${new URLSearchParams({ room })}`;
  return {
    address: `${reached}/class${query}`,
    isOutOfReach: isLocal && !network,
    admitsGuests: guests,
    elsewhere: isLocal && network ? `${network}${pathname}${hash}` : null,
  };
}

/**
 * @param {string} origin
 * @param {string} port
 */
function withPort(origin, port) {
  const address = new URL(origin);
  address.port = port;
  return address.origin;
}
