// The initial of a person, on a colour that comes from the name. It is an ornament: the name stands beside it.

import { element } from './dom.js';

/** So many colours, apart enough to be told from each other. */
const HUES = 12;

/**
 * A username is one person's; a display name may be several people's.
 * @param {string} username
 * @param {string} name
 */
export function avatar(username, name) {
  const made = element('span', { className: 'avatar', ariaHidden: 'true' }, initial(name));
  made.style.setProperty('--hue', `${(hash(username) % HUES) * (360 / HUES)}deg`);
  return made;
}

/** @param {string} name */
const initial = (name) => (Array.from(name.trim())[0] ?? '?').toUpperCase();

/**
 * FNV-1a, of 32 bits: names that differ in one letter get colours that have nothing to do with each other.
 * @param {string} text
 */
function hash(text) {
  let sum = 0x811c9dc5;
  for (const unit of text) sum = Math.imul(sum ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return (sum ^ (sum >>> 15)) >>> 0;
}
