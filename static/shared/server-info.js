// What pages know of the server (GET /server.json): whether guests are admitted, who may create an account,
// and the network paths to it.

/** @import { ServerInfo } from './types.js' */

import { getJson } from './api.js';

/**
 * Where the server could not be asked.
 * @type {ServerInfo}
 */
export const NOTHING_KNOWN = { guests: false, registration: 'open', lines: [] };

/** @type {Promise<ServerInfo> | null} */
let asked = null;

/**
 * Asks the server once; a failure is not remembered.
 * @returns {Promise<ServerInfo>}
 */
export function serverInfo() {
  asked ??= getJson('/server.json').catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

/**
 * It has been said already.
 * @param {ServerInfo} info
 */
export function knowServer(info) { asked = Promise.resolve(info); }
