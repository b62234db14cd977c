// The figures of the panel, since the last change of transport.

/** @import { Figures, Tally } from '../shared/types.js' */

import { $, element } from '../shared/dom.js';
import { colourWith, identity } from '../shared/identities.js';
import { marker } from '../shared/markers.js';
import { bytes, count, milliseconds, plural, requestRate, share } from '../shared/units.js';

/** @typedef {{ transport: string | null, since: Date, counts?: boolean }} About */

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/**
 * `figures` from Meter, `counted` from Counters (or null); `about` is { transport, since, counts },
 * the last being whether the kernel counts (undefined while that is not known).
 * @param {Figures} figures
 * @param {Tally | null} counted
 * @param {About} about
 */
export function showFigures(figures, counted, about) {
  showSubject(figures, about);
  $('#meters-uncounted').hidden = about.counts !== false;
  const values = { ...ofPage(figures), ...ofServer(figures, counted) };
  for (const [name, value] of Object.entries(values)) {
    const place = $(`#meters [data-figure=${name}]`);
    if (place.textContent !== value) place.textContent = value;
  }
}

/**
 * @param {Figures} figures
 * @param {About} about
 */
function showSubject({ messages }, { transport, since }) {
  if (!transport) return;
  const { name } = identity(transport);
  $('#meters-subject').replaceChildren(marker(transport), element('span', {}, `${name} since ${time.format(since)}, ${plural(messages, 'message')}`));
  colourWith($('#meters'), transport);
}

/** @param {Figures} figures */
function ofPage(figures) {
  const { latency, emptyShare } = figures;
  return {
    last: milliseconds(latency.last),
    p50: milliseconds(latency.p50),
    p95: milliseconds(latency.p95),
    requests: requestRate(figures),
    empty: share(emptyShare),
  };
}

/**
 * @param {Figures} figures
 * @param {Tally | null} counted
 */
function ofServer({ messages }, counted) {
  const each = (/** @type {number | undefined} */ total) => (total !== undefined && messages ? total / messages : undefined);
  return {
    up: bytes(each(counted?.bytes_up)),
    down: bytes(each(counted?.bytes_down)),
    segments: count(each(counted ? counted.segments_up + counted.segments_down : undefined)),
  };
}
