// The deliveries of a record as CSV: a line for each message and transport.

/** @import { Record } from '../record/record.js' */

const COLUMNS = ['transport', 'seq', 'body', 'due_ms', 'posted_ms', 'received_ms', 'latency_ms', 'messages_in_response'];

/**
 * Times are ms after `from`, by this page's clock; what is not known is empty.
 * @param {Record} record
 * @param {{ from: number, to: number }} span
 */
export function deliveriesCsv(record, { from, to }) {
  const lines = [...record.lanes].flatMap(([slug, log]) => {
    const { deliveries, exchanges } = log.within(from, to);
    const together = new Map(exchanges.flatMap(({ carried }) => carried.map((message) => [message, carried.length])));
    return deliveries.map(({ at, message, isPushed }) => {
      const { seq, body, due, posted } = message;
      const latency = due === undefined ? undefined : at - due;
      return [slug, seq, quoted(body), since(due, from), since(posted, from), since(at, from), tenths(latency), isPushed ? 1 : together.get(message)];
    });
  });
  return `${[COLUMNS, ...lines].map((line) => line.map((cell) => cell ?? '').join(',')).join('\r\n')}\r\n`;
}

/** @type {(at: number | undefined, from: number) => string | undefined} */
const since = (at, from) => tenths(at === undefined ? undefined : at - from);

/** @param {number | undefined} ms */
const tenths = (ms) => ms?.toFixed(1);

/**
 * RFC 4180; a text that a spreadsheet would take for a formula stays a text.
 * @param {string} text
 */
const quoted = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
