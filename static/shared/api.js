// Talks to the server: JSON in, JSON out, and problem+json (RFC 9457) as one kind of error.

/** @import { Query } from './types.js' */

import { isOffline } from './offline.js';

/**
 * How a request is made; `signal` and `timeoutMs` end it before its response. With `isApart` it is made also
 * while this tab pretends to be offline, as if another device made it.
 * @typedef {{ query?: Query, signal?: AbortSignal, timeoutMs?: number, isApart?: boolean }} Options
 */

/** What went wrong, in the server's words. `status` is undefined when there was no response. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {{ status?: number, errors?: Record<string, string>, retryAfter?: number }} [details] by field, in seconds
   */
  constructor(message, { status, errors = {}, retryAfter } = {}) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

/**
 * `path` with a query; members that are undefined are left out.
 * @param {string} path
 * @param {Query} [query]
 */
export function withQuery(path, query = {}) {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

/** @type {(path: string, options?: Options) => Promise<any>} */
export const getJson = (path, options) => call('GET', path, options);

/** @type {(path: string, body?: object, options?: Options) => Promise<any>} */
export const putJson = (path, body, options) => call('PUT', path, { ...options, body });

/** @type {(path: string, body?: object, options?: Options) => Promise<any>} */
export const postJson = (path, body, options) => call('POST', path, { ...options, body });

/** @type {(path: string, options?: Options) => Promise<any>} */
export const remove = (path, options) => call('DELETE', path, options);

const DEFAULT_TIMEOUT_MS = 20_000;

/**
 * The parsed response, or null where there is none (204).
 * @param {string} method
 * @param {string} path
 * @param {Options & { body?: object }} [options]
 */
async function call(method, path, { query, body, signal, timeoutMs = DEFAULT_TIMEOUT_MS, isApart = false } = {}) {
  if (isOffline() && !isApart) throw new ApiError('This tab is offline.');
  const stop = linked(signal, timeoutMs);
  try {
    const response = await fetch(withQuery(path, query), {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      signal: stop.signal,
    });
    if (!response.ok) throw await problem(response);
    return response.status === 204 ? null : await response.json();
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError('The server can’t be reached.');
  } finally {
    stop.release();
  }
}

/**
 * An abort signal that follows `signal` and a clock.
 * @param {AbortSignal | undefined} signal
 * @param {number} timeoutMs
 */
function linked(signal, timeoutMs) {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, timeoutMs);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  const release = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  };
  return { signal: stop.signal, release };
}

/** @param {Response} response */
async function problem(response) {
  const { title, detail, errors } = await response.json().catch(() => ({}));
  return new ApiError(detail ?? title ?? `The server responded with ${response.status}.`, {
    status: response.status,
    errors,
    retryAfter: Number(response.headers.get('retry-after')) || undefined,
  });
}
