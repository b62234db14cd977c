// What can be tried on this chat, at the end of the side panel: another network path, and faults.

/** @import { ReaderName } from '../shared/types.js' */
/** @import { Settings } from './settings.js' */

import { mountFaults } from '../network-paths/faults.js';
import { mountNetworkPaths } from '../network-paths/network-paths.js';
import { $ } from '../shared/dom.js';
import { toCarry } from './carried.js';

/**
 * `reader()` and `settings` as in faults.js.
 * @param {() => ReaderName} reader
 * @param {Settings} settings
 */
export async function offerExperiments(reader, settings) {
  mountFaults($('#faults'), { reader, settings });
  await mountNetworkPaths($('#lines'), { carry: () => toCarry(settings) });
  $('#lines-part').hidden = $('#lines').hidden;
}
