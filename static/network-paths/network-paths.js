// The network paths to this server (GET /server.json), each on a port of its own, and the links
// between them. A page on another port has the same sign-in, so only the path changes.
//
//   mountNetworkPaths(root, { carry, choice })
//                            fills `root`: which path is in use, and links to the others, which
//                            keep the rest of the address; `carry()`, if given, is what follows its `#`.
//                            `root` is hidden where the server has no other paths. Resolves when that is done.
//       choice               for a page that changes its path without being left: { now, note, choose(path) }, an
//                            EventTarget that dispatches `change`. `now` is the path in use, `note` what is to be said
//                            of a change. A link that is opened in a tab of its own still leads to the other port.
//
// Styles: network-paths.css. The faults that a page can make for itself are in faults.js.

/** @import { NetworkPath } from '../shared/types.js' */

/** @typedef {EventTarget & { now: NetworkPath | undefined, note: string, choose(path: NetworkPath): void }} Choice */

import { element } from '../shared/dom.js';
import { currentPath, originOf } from '../shared/line-origins.js';
import { NOTHING_KNOWN, serverInfo } from '../shared/server-info.js';

/** The server calls the one without anything in between "Plain", which says nothing to a reader. */
export const pathName = (/** @type {NetworkPath} */ { slug, name }) => (slug === 'plain' ? 'Direct' : name);

const keepHash = () => location.hash;

/**
 * @param {HTMLElement} root
 * @param {{ carry?: () => string, choice?: Choice }} [options]
 */
export async function mountNetworkPaths(root, { carry = keepHash, choice } = {}) {
  const { lines } = await serverInfo().catch(() => NOTHING_KNOWN);
  root.hidden = lines.length === 0;
  if (root.hidden) return;
  root.classList.add('network-paths');
  const now = element('p', { className: 'network-paths-now' });
  if (choice) now.setAttribute('role', 'status');
  const links = lines.map((path) => ({ path, made: link(path, { carry, choice }) }));
  const show = () => {
    const here = choice ? choice.now : currentPath(lines);
    now.replaceChildren(...(choice?.note ? [`${choice.note} `] : []), ...inWords(here));
    for (const { path, made } of links) mark(made, path === here);
  };
  choice?.addEventListener('change', show);
  show();
  root.append(now);
  if (lines.length > 1) root.append(list(links.map(({ made }) => made)));
}

/** @param {NetworkPath | undefined} path */
function inWords(path) {
  const name = path ? `${pathName(path)} (port ${path.port})` : location.host;
  return ['You are on: ', element('strong', {}, name)];
}

/** @param {HTMLElement[]} links */
function list(links) {
  const made = element('ul', { className: 'plain' }, ...links.map((each) => element('li', {}, each)));
  made.setAttribute('aria-label', 'Network paths to this server');
  return made;
}

/**
 * @param {HTMLElement} link
 * @param {boolean} isHere
 */
function mark(link, isHere) {
  if (isHere) link.setAttribute('aria-current', 'true');
  else link.removeAttribute('aria-current');
}

/**
 * @param {NetworkPath} path
 * @param {{ carry: () => string, choice?: Choice }} options
 */
function link(path, { carry, choice }) {
  const made = element('a', {},
    element('span', { className: 'network-paths-name' }, pathName(path), ' ', element('small', {}, `port ${path.port}`)),
    element('span', { className: 'network-paths-about' }, path.about));
  made.dataset.line = path.slug;
  // The address of this page may have changed since.
  const aim = () => { made.href = addressOn(path, carry()); };
  for (const event of ['pointerenter', 'focus', 'click']) made.addEventListener(event, aim);
  aim();
  if (choice) made.addEventListener('click', (event) => opensHere(event) && choice.choose(path));
  return made;
}

/**
 * Whether a click means this page, and not a tab of its own; then the link is not followed.
 * @param {MouseEvent} event
 */
function opensHere(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return false;
  event.preventDefault();
  return true;
}

/**
 * @param {NetworkPath} path
 * @param {string} hash
 */
function addressOn(path, hash) {
  const address = new URL(location.pathname + location.search, originOf(path));
  address.hash = hash;
  return address.href;
}
