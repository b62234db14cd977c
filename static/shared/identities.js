// One identity a transport: its name, colour and marker, as the server defines them.

/** @import { Identity } from './types.js' */

import { getJson } from './api.js';

/** @type {Map<string, Identity>} */
const known = new Map();

/** Asks the server; afterwards `identity` and `identities` can be called. */
export async function loadIdentities() {
  knowIdentities(await getJson('/transports.json'));
}

/**
 * They have been said already.
 * @param {Identity[]} all
 */
export function knowIdentities(all) {
  for (const each of all) known.set(each.slug, each);
}

export const identities = () => [...known.values()];

/**
 * A transport of a newer server, unknown to this page, still gets a name and a colour.
 * @param {string} slug
 * @returns {Identity}
 */
export function identity(slug) {
  return known.get(slug) ?? { slug, name: slug, colour: '#777777', marker: 'circle' };
}

/**
 * Gives `target` the colour as a custom property; CSS derives borders and readable text from it.
 * @template {ElementCSSInlineStyle} Target
 * @param {Target} target
 * @param {string} slug
 */
export function colourWith(target, slug) {
  target.style.setProperty('--identity', identity(slug).colour);
  return target;
}
