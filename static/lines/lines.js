// The ways to this same server (GET /server.json), each on a port of its own, and the switch
// between them. A page on another port has the same sign-in, so nothing but the way changes.
//
//   mountLines(root)    fills `root`: which line this page is on, in words, and links to the others,
//                       which keep path, query and fragment. `root` is hidden where the server tells
//                       of no lines. Resolves when that is done.
//   serverInfo()        { guests, lines }, asked once a page
//   currentLine(lines)  the one this page came over, or undefined
//
// Styles: lines.css. The faults that a page can make for itself are in faults.js.

/** @import { Line, ServerInfo } from '../shared/types.js' */

import { getJson } from '../shared/api.js';
import { element } from '../shared/dom.js';

/**
 * Where the server could not be asked.
 * @type {ServerInfo}
 */
export const NOTHING_KNOWN = { guests: false, lines: [] };

/** @type {Promise<ServerInfo> | null} */
let asked = null;

/**
 * What the server says of itself; a failure is not remembered.
 * @returns {Promise<ServerInfo>}
 */
export function serverInfo() {
  asked ??= getJson('/server.json').catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

export const currentLine = (/** @type {Line[]} */ lines) => lines.find(({ port }) => port === ownPort());

/** @param {HTMLElement} root */
export async function mountLines(root) {
  const { lines } = await serverInfo().catch(() => NOTHING_KNOWN);
  root.hidden = lines.length === 0;
  if (root.hidden) return;
  root.classList.add('lines');
  root.append(element('p', { className: 'lines-now' }, ...inWords(currentLine(lines))));
  if (lines.length > 1) root.append(list(lines));
}

/** @param {Line | undefined} line */
function inWords(line) {
  const name = line ? `${line.name} (port ${line.port})` : `port ${ownPort()}`;
  return ['You are on: ', element('strong', {}, name)];
}

/** @param {Line[]} lines */
function list(lines) {
  const here = currentLine(lines);
  const items = lines.map((line) => element('li', {}, link(line, line === here)));
  const made = element('ul', { className: 'plain' }, ...items);
  made.setAttribute('aria-label', 'Ways to this server');
  return made;
}

/**
 * @param {Line} line
 * @param {boolean} isHere
 */
function link(line, isHere) {
  const made = element('a', {},
    element('span', { className: 'lines-name' }, line.name, ' ', element('small', {}, `port ${line.port}`)),
    element('span', { className: 'lines-about' }, line.about));
  made.dataset.line = line.slug;
  if (isHere) made.setAttribute('aria-current', 'true');
  // The address of this page may have changed since.
  const aim = () => { made.href = addressOn(line.port); };
  for (const event of ['pointerenter', 'focus', 'click']) made.addEventListener(event, aim);
  aim();
  return made;
}

/** @param {number} port */
function addressOn(port) {
  const address = new URL(location.href);
  address.port = String(port);
  return address.href;
}

/** Browsers leave a scheme's own port out. */
const ownPort = () => Number(location.port || (location.protocol === 'https:' ? 443 : 80));
