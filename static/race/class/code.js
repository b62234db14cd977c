// An address as a QR code, dark on light in either colour scheme: many cameras read no other.

import { svg } from '../../shared/svg.js';
import { encode } from '../../vendor/uqr/uqr.js';

/** The quiet zone that ISO/IEC 18004 asks for, in modules. */
const QUIET = 4;

/**
 * The code as a picture.
 * @param {string} text
 */
export function codeOf(text) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET });
  return svg('svg', { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': `QR code of ${text}`, 'shape-rendering': 'crispEdges' },
    svg('path', { d: `M0 0H${size}V${size}H0Z`, class: 'light' }),
    svg('path', { d: data.map(rowPath).join(''), class: 'dark' }));
}

/**
 * The dark modules of a row, those side by side in one.
 * @param {boolean[]} row
 * @param {number} y
 */
function rowPath(row, y) {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    const start = x;
    while (row[x + 1]) x += 1;
    path += `M${start} ${y}h${x + 1 - start}v1H${start}Z`;
  }
  return path;
}
