// A message's text as nodes. Only text and the few elements below are made: no HTML gets in.

/** @import { Piece } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { parse } from './markup.js';

/**
 * A fragment that reads as `text` does, without its marks; `me` is the account whose name is marked.
 * @param {string} text
 * @param {string} me
 */
export function richText(text, me) {
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes(parse(text), me));
  return fragment;
}

/** @type {(pieces: Piece[], me: string) => (Node | string)[]} */
const nodes = (pieces, me) => pieces.map((piece) => node(piece, me));

/**
 * @param {Piece} piece
 * @param {string} me
 * @returns {Node | string}
 */
function node(piece, me) {
  switch (piece.kind) {
    case 'code': return element('code', {}, piece.text);
    case 'block': return element('pre', {}, element('code', {}, piece.text));
    case 'strong': return element('strong', {}, ...nodes(piece.pieces, me));
    case 'emphasis': return element('em', {}, ...nodes(piece.pieces, me));
    case 'link': return link(piece);
    case 'name': return piece.username === me ? element('mark', {}, piece.text) : piece.text;
    default: return piece.text;
  }
}

/** @param {{ text: string, address: string }} piece */
function link({ text, address }) {
  return element('a', { href: address, target: '_blank', rel: 'noopener noreferrer nofollow' }, text);
}
