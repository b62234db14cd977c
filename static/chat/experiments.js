// What can be tried on this chat, at the end of the side panel: another way to the server, and faults.

/** @import { ReaderName } from '../shared/types.js' */
/** @import { Settings } from './settings.js' */

import { mountFaults } from '../lines/faults.js';
import { mountLines } from '../lines/lines.js';
import { $ } from '../shared/dom.js';

/**
 * `reader()` and `settings` are as faults.js wants them.
 * @param {() => ReaderName} reader
 * @param {Settings} settings
 */
export async function offerExperiments(reader, settings) {
  mountFaults($('#faults'), { reader, settings });
  await mountLines($('#lines'));
  $('#lines-part').hidden = $('#lines').hidden;
}
