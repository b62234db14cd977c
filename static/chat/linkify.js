// Text with its http(s) addresses clickable. Only text nodes and links are made: no HTML gets in.

const ADDRESS = /\bhttps?:\/\/[^\s<>"]+/gi;
const TRAILING = /[.,;:!?'’”»…]$/;

/**
 * A fragment that reads exactly like `text`.
 * @param {string} text
 */
export function linkify(text) {
  const fragment = document.createDocumentFragment();
  let at = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(found[0]);
    if (!URL.canParse(address)) continue;
    fragment.append(text.slice(at, found.index), link(address));
    at = found.index + address.length;
  }
  fragment.append(text.slice(at));
  return fragment;
}

/**
 * Punctuation that ends the sentence rather than the address, and a bracket it did not open.
 * @param {string} found
 */
function withoutTrailing(found) {
  let address = found;
  for (;;) {
    const last = address.at(-1);
    const unopened = (last === ')' && !address.includes('(')) || (last === ']' && !address.includes('['));
    if (!unopened && !TRAILING.test(address)) return address;
    address = address.slice(0, -1);
  }
}

/** @param {string} address */
function link(address) {
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.target = '_blank';
  anchor.rel = 'noopener noreferrer nofollow';
  anchor.textContent = address;
  return anchor;
}
