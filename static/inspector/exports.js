// Takes the record away: as HAR, and as text.

/** @import { ExchangeRecord, ExchangeQuery } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { asText } from './as-text.js';
import { findRecord } from './find.js';
import { asHar } from './har.js';

/** How long a file is kept for the browser, which may read it later. */
const KEPT_MS = 60_000;

/**
 * @param {ExchangeRecord} record
 * @param {ExchangeQuery} about
 */
export function exportPart(record, about) {
  const name = `pushlab-${about.room}-${about.seq}`;
  const said = element('span', { className: 'inspector-exported', role: 'status' });
  // With all steps, as long as the server has them; else what is shown.
  const whole = () => findRecord(about, { all: true }).catch(() => record);
  const har = async () => save(`${name}.har`, JSON.stringify(asHar(await whole()), null, 1), 'application/json');
  const text = async () => save(`${name}.txt`, asText(await whole(), about), 'text/plain');
  const copy = async () => {
    const isCopied = await write(asText(await whole(), about));
    said.textContent = isCopied ? 'Copied.' : 'The browser does not let this page copy. Download the text instead.';
  };
  return element('section', { className: 'inspector-export' }, element('h3', {}, 'Take it with you'),
    element('div', { className: 'inspector-buttons' },
      button('har', 'Download HAR', har), button('text', 'Download the bytes as text', text), button('copy', 'Copy the text', copy), said));
}

/**
 * @param {string} kind
 * @param {string} label
 * @param {() => void} act
 */
function button(kind, label, act) {
  const made = element('button', { type: 'button' }, label);
  made.dataset.export = kind;
  made.addEventListener('click', act);
  return made;
}

/**
 * @param {string} name of the file
 * @param {string} content
 * @param {string} type
 */
function save(name, content, type) {
  const href = URL.createObjectURL(new Blob([content], { type }));
  element('a', { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}

/** @param {string} text whether it could be copied: a page that did not come over TLS may not */
async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
