// A WebSocket frame's header (RFC 6455, section 5.2) field by field.

/** @import { FrameHead } from '../shared/types.js' */

import { element } from '../shared/dom.js';
import { exactBytes } from '../shared/units.js';

/** Payloads longer than these say their length in 2 or 8 bytes more. */
const IN_ONE_BYTE = 125;
const IN_TWO_BYTES = 0xffff;

/** @param {FrameHead} frame */
export function frameFields(frame) {
  const fields = [
    ['FIN', frame.fin ? '1, the message ends here' : '0, more frames of it follow'],
    ['Opcode', `0x${frame.opcode.toString(16)}, ${frame.name}`],
    ['Masked', frame.masked ? '1, as all from a browser: 4 bytes of key' : '0, as all from a server'],
    ['Length', `${exactBytes(frame.length)}, ${lengthIn(frame.length)}`],
    ['Header', `${exactBytes(frame.header_bytes)}: ${frame.first_bytes}`],
  ];
  const list = element('dl', { className: 'inspector-fields' });
  for (const [name, value] of fields) list.append(element('div', {}, element('dt', {}, name), element('dd', {}, value)));
  return list;
}

/** @param {number} length */
function lengthIn(length) {
  if (length <= IN_ONE_BYTE) return 'said in 7 bits';
  return length <= IN_TWO_BYTES ? 'in 7 + 16 bits' : 'in 7 + 64 bits';
}
