// The menu of the race's line, and of the faults to try on it; its button says which line is in use.

/** @import { Options } from './options.js' */
/** @import { Sender } from './sender.js' */
/** @import { Lines } from './wire/lines.js' */

import { mountFaults } from '../network-paths/faults.js';
import { mountNetworkPaths, pathName } from '../network-paths/network-paths.js';
import { $ } from '../shared/dom.js';

/**
 * @param {Lines} lines
 * @param {{ options: Options, sender: Sender }} race
 */
export function offerLines(lines, { options, sender }) {
  const show = () => { $('#line-name').textContent = lines.now ? `Network path: ${pathName(lines.now)}` : 'Faults'; };
  lines.addEventListener('change', show);
  show();
  mountFaults($('#faults'), { settings: options, sender, path: () => lines.now });
  mountNetworkPaths($('#lines'), { carry: withoutLine, choice: lines.canChange ? lines : undefined });
}

/** What follows the address's `#`, for a page that comes by the chosen line. */
const withoutLine = () => location.hash.slice(1).split('&').filter((part) => !part.startsWith('line=')).join('&');
