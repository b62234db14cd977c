// The figures of the panel, since the last change of transport.

import { $, element } from '../dom.js';
import { colourWith, identity, marker } from '../identities.js';

const UNKNOWN = '–';
const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/**
 * `figures` as Meter tells them, `counted` as Counters (or null); `about` is { transport, since, counts },
 * the last being whether the kernel counts (undefined while that is not known).
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

function showSubject({ messages }, { transport, since }) {
  if (!transport) return;
  const { name } = identity(transport);
  const many = messages === 1 ? '1 message' : `${messages} messages`;
  $('#meters-subject').replaceChildren(marker(transport), element('span', {}, `${name} since ${time.format(since)}, ${many}`));
  colourWith($('#meters'), transport);
}

function ofPage({ seconds, requests, latency, requestsPerMinute, emptyShare }) {
  return {
    last: ms(latency.last),
    p50: ms(latency.p50),
    p95: ms(latency.p95),
    // One request in the first second is not 60 a minute.
    requests: seconds < 60 ? `${requests} in ${Math.round(seconds)} s` : number.format(requestsPerMinute),
    empty: known(emptyShare, (value) => `${Math.round(100 * value)} %`),
  };
}

function ofServer({ messages }, counted) {
  const each = (value) => (counted && messages ? value / messages : undefined);
  return {
    up: known(each(counted?.bytes_up), bytes),
    down: known(each(counted?.bytes_down), bytes),
    segments: known(each(counted && counted.segments_up + counted.segments_down), (value) => number.format(value)),
  };
}

const known = (value, written) => (value === undefined ? UNKNOWN : written(value));
const ms = (value) => known(value, (known) => `${known < 10 ? known.toFixed(1) : Math.round(known)} ms`);

function bytes(value) {
  return value < 10_000 ? `${Math.round(value)} B` : `${number.format(value / 1000)} kB`;
}
