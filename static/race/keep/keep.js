// The menu "Keep": what the lens looks at as a recorded race (a file or a link), a picture or a table; the settings as
// an address; and opening a recorded race.

/** @import { Lanes } from '../lanes/lanes.js' */
/** @import { Lens } from '../lens/lens.js' */
/** @import { Record } from '../record/record.js' */
/** @import { About } from '../record/recording.js' */

import { element } from '../../shared/dom.js';
import { toLink, toRecording } from '../record/recording.js';
import { deliveriesCsv } from './deliveries.js';
import { asPng, lanesSvg } from './picture.js';

/** Where a recorded race stands in the address. */
export const RECORDING = 'recording';

/**
 * What is shown now; `settings` is the fragment with the settings, where there are any.
 * @typedef {{ record: Record, about: () => About, settings: (() => string) | null }} Shown
 */

/**
 * @param {HTMLElement} root
 * @param {{ lanes: Lanes, lens: Lens, shown: () => Shown, open: (data: unknown) => void }} race
 */
export function offerToKeep(root, { lanes, lens, shown, open }) {
  const told = element('p', { className: 'help', role: 'status' });
  const span = () => ({ from: Math.max(lens.begin, lens.end - lens.span), to: lens.end });
  const recording = () => toRecording(shown().record, span(), shown().about());
  const picture = () => lanesSvg({ lanes, lens, record: shown().record });
  const say = (/** @type {string} */ text) => { told.textContent = text; };
  const parts = [
    download('Save this race', 'race.json', 'application/json', () => JSON.stringify(recording())),
    action('Copy a link to this race', async () => say(await copyLink(recording()))),
    openField(open, say),
    download('Lanes as SVG', 'lanes.svg', 'image/svg+xml', picture),
    download('Lanes as PNG', 'lanes.png', 'image/png', () => asPng(picture())),
    download('Deliveries as CSV', 'deliveries.csv', 'text/csv', () => deliveriesCsv(shown().record, span())),
    action('Copy these settings as an address', async () => say(await copySettings(shown()))),
  ];
  root.replaceChildren(element('p', { className: 'help' }, 'Of the span that the lanes show now.'), ...parts, told);
}

/** @param {import('../record/recording.js').Recording} recording */
async function copyLink(recording) {
  const packed = await toLink(recording);
  if (!packed) return 'Too long for a link. Zoom in, or save it as a file.';
  return copy(`${location.origin}/race#${RECORDING}=${packed}`);
}

/** @param {Shown} shown */
async function copySettings({ settings }) {
  if (!settings) return 'A recorded race has no settings to change.';
  return copy(`${location.origin}/race#${settings()}`);
}

/**
 * A browser gives the clipboard to pages of https and of this machine only.
 * @param {string} address
 */
async function copy(address) {
  try {
    await navigator.clipboard.writeText(address);
    return 'Copied.';
  } catch {
    return `Copy it from here: ${address}`;
  }
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function action(text, act) {
  const button = element('button', { type: 'button' }, text);
  button.addEventListener('click', act);
  return button;
}

/**
 * @param {string} text
 * @param {string} name of the file
 * @param {string} type
 * @param {() => string | Blob | Promise<Blob>} make
 */
function download(text, name, type, make) {
  return action(text, async () => {
    const address = URL.createObjectURL(new Blob([await make()], { type }));
    element('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  });
}

/**
 * @param {(data: unknown) => void} open
 * @param {(text: string) => void} say
 */
function openField(open, say) {
  const field = element('input', { type: 'file', accept: 'application/json,.json', id: 'open-recording' });
  field.addEventListener('change', async () => {
    const [file] = field.files ?? [];
    if (!file) return;
    try {
      open(JSON.parse(await file.text()));
      say('');
    } catch (error) {
      say(error instanceof SyntaxError ? 'This file is no recorded race.' : /** @type {Error} */ (error).message);
    }
    field.value = '';
  });
  return element('label', { className: 'field' }, 'Open a recorded race', field);
}
