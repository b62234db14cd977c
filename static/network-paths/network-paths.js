// The network paths to this server (GET /server.json), each on a port of its own, and the links
// between them. A page on another port has the same sign-in, so only the path changes.
//
//   mountNetworkPaths(root, { carry })
//                            fills `root`: which path this page uses, and links to the others, which
//                            keep the rest of the address; `carry()`, if given, is what follows its `#`.
//                            `root` is hidden where the server has no other paths. Resolves when that is done.
//   currentPath(lines)       the one this page came over, or undefined
//
// Styles: network-paths.css. The faults that a page can make for itself are in faults.js.

/** @import { NetworkPath } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { NOTHING_KNOWN, serverInfo } from '../shared/server-info.js';

export const currentPath = (/** @type {NetworkPath[]} */ lines) => lines.find(({ port }) => port === ownPort());

/** The server calls the one without anything in between "Plain", which says nothing to a reader. */
export const pathName = (/** @type {NetworkPath} */ { slug, name }) => (slug === 'plain' ? 'Direct' : name);

const keepHash = () => location.hash;

/**
 * @param {HTMLElement} root
 * @param {{ carry?: () => string }} [options]
 */
export async function mountNetworkPaths(root, { carry = keepHash } = {}) {
  const { lines } = await serverInfo().catch(() => NOTHING_KNOWN);
  root.hidden = lines.length === 0;
  if (root.hidden) return;
  root.classList.add('network-paths');
  root.append(element('p', { className: 'network-paths-now' }, ...inWords(currentPath(lines))));
  if (lines.length > 1) root.append(list(lines, carry));
}

/** @param {NetworkPath | undefined} path */
function inWords(path) {
  const name = path ? `${pathName(path)} (port ${path.port})` : `port ${ownPort()}`;
  return ['You are on: ', element('strong', {}, name)];
}

/**
 * @param {NetworkPath[]} lines
 * @param {() => string} carry
 */
function list(lines, carry) {
  const here = currentPath(lines);
  const items = lines.map((path) => element('li', {}, link(path, { isHere: path === here, carry })));
  const made = element('ul', { className: 'plain' }, ...items);
  made.setAttribute('aria-label', 'Network paths to this server');
  return made;
}

/**
 * @param {NetworkPath} path
 * @param {{ isHere: boolean, carry: () => string }} options
 */
function link(path, { isHere, carry }) {
  const made = element('a', {},
    element('span', { className: 'network-paths-name' }, pathName(path), ' ', element('small', {}, `port ${path.port}`)),
    element('span', { className: 'network-paths-about' }, path.about));
  made.dataset.line = path.slug;
  if (isHere) made.setAttribute('aria-current', 'true');
  // The address of this page may have changed since.
  const aim = () => { made.href = addressOn(path.port, carry()); };
  for (const event of ['pointerenter', 'focus', 'click']) made.addEventListener(event, aim);
  aim();
  return made;
}

/**
 * @param {number} port
 * @param {string} hash
 */
function addressOn(port, hash) {
  const address = new URL(location.href);
  address.hash = hash;
  address.port = String(port);
  return address.href;
}

/** Browsers leave a scheme's own port out. */
const ownPort = () => Number(location.port || (location.protocol === 'https:' ? 443 : 80));
