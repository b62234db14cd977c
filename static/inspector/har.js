// A record as HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/): an entry for the exchange that brought the
// message, and before it one for the post of its author, where that was another. The frames of a WebSocket are in
// `_webSocketMessages`, as browsers write them.

/** @import { ExchangeRecord, Step } from '../shared/types.js' */

/** @param {ExchangeRecord} record */
export function asHar(record) {
  const { post, connection, began_at_ms, steps, omitted } = record;
  const posted = post ? [entryOf({ ...post, omitted: 0 })] : [];
  const entries = [...posted, entryOf({ connection, began_at_ms, steps, omitted })];
  return { log: { version: '1.2', creator: { name: 'pushlab', version: '1' }, pages: [], entries } };
}

/** What is known of an exchange. @typedef {Pick<ExchangeRecord, 'connection' | 'began_at_ms' | 'steps' | 'omitted'>} Known */

/** @param {Known} known */
function entryOf({ connection, began_at_ms: began, steps, omitted }) {
  const request = steps.find(({ kind }) => kind === 'request');
  const answer = steps.find(({ kind }) => kind === 'answer');
  const last = steps.at(-1)?.at_ms ?? 0;
  const asked = request?.at_ms ?? 0;
  const answered = answer?.at_ms ?? last;
  return {
    startedDateTime: new Date(began).toISOString(),
    time: last,
    request: requestOf(request),
    response: responseOf(answer, steps),
    cache: {},
    timings: { send: asked, wait: Math.max(0, answered - asked), receive: Math.max(0, last - answered) },
    connection: String(connection),
    ...framesOf(steps, began),
    comment: commentOf(request, omitted),
  };
}

/**
 * @param {Step | undefined} request
 * @param {number} omitted
 */
const commentOf = (request, omitted) => [
  'As the server recorded it at its socket; values of cookies are hidden.',
  ...(request ? [] : ['The request is not recorded.']),
  ...(omitted ? [`${omitted} earlier steps of the stream are not here.`] : []),
].join(' ');

/** @param {Step} [step] */
function requestOf(step) {
  const { start, headers } = headOf(step);
  const [method = 'GET', target = '/', version = 'HTTP/1.1'] = start.split(' ');
  const url = new URL(target || '/', location.origin);
  const body = step?.kind === 'request' ? step.text : '';
  return {
    method: method || 'GET', url: url.href, httpVersion: version, cookies: [], headers,
    queryString: [...url.searchParams].map(([name, value]) => ({ name, value })),
    ...(body ? { postData: { mimeType: headerOf(headers, 'content-type'), text: body } } : {}),
    ...sizesOf(step),
  };
}

/**
 * @param {Step | undefined} step
 * @param {Step[]} steps
 */
function responseOf(step, steps) {
  const { start, headers } = headOf(step);
  const [version = 'HTTP/1.1', status = '0', ...reason] = start.split(' ');
  const streamed = steps.flatMap((each) => (each.kind === 'chunk' ? [each.text] : [])).join('');
  const text = (step?.kind === 'answer' ? step.text : '') || streamed;
  return {
    status: Number(status), statusText: reason.join(' '), httpVersion: version || 'HTTP/1.1', cookies: [], headers,
    content: { size: new TextEncoder().encode(text).length, mimeType: headerOf(headers, 'content-type'), text },
    redirectURL: '',
    ...sizesOf(step),
  };
}

/** @param {Step} [step] -1 is what HAR says where nothing is known */
const sizesOf = (step) => (step && 'body_bytes' in step
  ? { headersSize: step.bytes - step.body_bytes, bodySize: step.body_bytes } : { headersSize: -1, bodySize: -1 });

/** @param {Step} [step] */
function headOf(step) {
  const [start = '', ...lines] = step && 'head' in step ? step.head.trimEnd().split('\r\n') : [];
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
  });
  return { start, headers };
}

/** @type {(headers: { name: string, value: string }[], name: string) => string} */
const headerOf = (headers, name) => headers.find((header) => header.name.toLowerCase() === name)?.value ?? '';

/**
 * @param {Step[]} steps
 * @param {number} began
 */
function framesOf(steps, began) {
  const frames = steps.flatMap((step) => (step.kind !== 'frame' ? [] : [{
    type: step.way === 'up' ? 'send' : 'receive', time: (began + step.at_ms) / 1000, opcode: step.frame.opcode, data: step.text,
  }]));
  return frames.length ? { _resourceType: 'websocket', _webSocketMessages: frames } : {};
}
