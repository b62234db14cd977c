// What can be tried on this chat, at the end of the side panel: another way to the server, and faults.

import { $ } from '../shared/dom.js';
import { mountFaults } from '../lines/faults.js';
import { mountLines } from '../lines/lines.js';

/** `reader()` and `settings` are as faults.js wants them. */
export async function offerExperiments(reader, settings) {
  mountFaults($('#faults'), { reader, settings });
  await mountLines($('#lines'));
  $('#lines-part').hidden = $('#lines').hidden;
}
