// What this tab has written and the room does not show yet. Each draft has a key of its own, with
// which the server stores it once however often it is sent; so sending again is always safe, and a draft
// waits for the server however long that takes, also over a reload of the page.

/** @import { ApiError } from '../shared/api.js' */
/** @import { Ack, Account, Channel, Message, MessageItem, Refusal, Shown } from '../shared/types.js' */
/** @import { Connection } from '../connection/connection.js' */

import { postJson } from '../shared/api.js';
import { isOffline } from '../shared/offline.js';
import { asSentence } from '../shared/units.js';
import { setFailed, setState, setWaiting } from './message-item.js';

/** After this long its author is told that a draft waits, and may withdraw it. */
const TOLD_AFTER_MS = 5000;
const AGAIN_MS = 1000;
/** Statuses that may pass: sending the same again later can succeed. */
const PASSING = [408, 429, 500, 502, 503, 504];

/**
 * A draft and its state.
 * @typedef {object} Progress
 * @property {MessageItem} item
 * @property {'due' | 'in socket' | 'posted' | 'arrived' | 'failed'} state
 * @property {number} [notice]
 * @property {string} [reason]
 */

/**
 * @typedef {Shown & { key: string } & Progress} Written
 */

/**
 * `show` puts a draft into the conversation and returns its element; `grown` is called when an element
 * has become higher.
 * @typedef {object} Options
 * @property {string} room
 * @property {Account} me
 * @property {(draft: Shown & { key: string }) => MessageItem} show
 * @property {() => void} grown
 * @property {() => void} signedOut
 */

export class Outbox {
  #options;
  /** @type {Map<string, Written>} */
  #drafts = new Map(); // by key, in the order written
  #storedAs;
  /** @type {Connection | null} */
  #connection = null;
  #isPosting = false;
  /** @type {number | undefined} */
  #again;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#storedAs = `pushlab.outbox.${options.me.username}.${options.room}`;
  }

  /** Shows what an earlier page of this tab left unsent. */
  restore() {
    const stored = JSON.parse(sessionStorage.getItem(this.#storedAs) ?? '[]');
    for (const { key, body } of stored) this.#add(key, body);
  }

  /**
   * `connection` may carry the drafts from now on.
   * @param {Connection} connection
   */
  use(connection) {
    this.#connection = connection;
    this.pump();
  }

  /** @param {string} body */
  write(body) {
    this.#add(newKey(), body).item.writtenAt = performance.now();
    this.#store();
    this.pump();
  }

  /**
   * The draft's element if `message` is one of those written here; it is no longer a draft then.
   * @param {Message} message
   */
  confirm({ author, key }) {
    const draft = author === this.#options.me.username && key ? this.#drafts.get(key) : undefined;
    if (!draft) return undefined;
    this.#forget(draft);
    return draft.item;
  }

  /** Sends whatever is due: all at once into an open socket, else one post after the other. */
  pump() {
    clearTimeout(this.#again);
    if (!this.#connection || this.#isPosting) return;
    const channel = this.#connection.channel;
    const due = [...this.#drafts.values()].filter(({ state }) => state === 'due');
    if (channel) for (const draft of due) this.#sendOver(channel, draft);
    else if (due.length && this.#connection.canPost) this.#post(due[0]);
  }

  /** The socket that some were sent into is gone: whether they arrived is unknown. */
  lost() {
    for (const draft of this.#drafts.values()) if (draft.state === 'in socket') draft.state = 'due';
  }

  /** @param {Ack} ack */
  acknowledged({ key }) {
    const draft = this.#drafts.get(key);
    if (draft) this.#arrived(draft);
  }

  /** @param {Refusal} refusal */
  refused({ key, status, title, detail }) {
    const draft = key ? this.#drafts.get(key) : undefined;
    if (draft) this.#refuse(draft, { status, message: detail ?? title });
  }

  /**
   * @param {string} key
   * @param {string} body
   */
  #add(key, body) {
    const { me, show } = this.#options;
    const shown = { key, body, author: me.username, display_name: me.display_name, sent_at: new Date().toISOString() };
    /** @type {Written} */
    const draft = { ...shown, item: show(shown), state: 'due' };
    this.#drafts.set(key, draft);
    this.#start(draft);
    return draft;
  }

  /** @param {Written} draft */
  #start(draft) {
    draft.state = 'due';
    setState(draft.item, 'sending');
    draft.notice = setTimeout(() => this.#tell(draft), TOLD_AFTER_MS);
  }

  /**
   * It goes on waiting.
   * @param {Written} draft
   */
  #tell(draft) {
    const reason = isOffline() ? 'You are offline.' : draft.reason ?? 'The server cannot be reached.';
    setWaiting(draft.item, `${asSentence(reason)} This is sent when that is over.`, () => this.#withdraw(draft));
    this.#options.grown();
  }

  /**
   * Its author takes it back. If it has arrived nevertheless, it comes back as everybody's messages do.
   * @param {Written} draft
   */
  #withdraw(draft) {
    this.#forget(draft);
    draft.item.remove();
  }

  /** @param {Written} draft */
  #forget(draft) {
    clearTimeout(draft.notice);
    this.#drafts.delete(draft.key);
    this.#store();
  }

  /**
   * @param {Channel} channel
   * @param {Written} draft
   */
  #sendOver(channel, draft) {
    draft.state = 'in socket';
    channel.send({ key: draft.key, body: draft.body });
  }

  /** @param {Written} draft */
  async #post(draft) {
    const { room, me } = this.#options;
    this.#isPosting = true;
    draft.state = 'posted';
    try {
      const { key, body } = draft;
      await postJson(`/api/rooms/${room}/messages`, { key, body }, { query: { as: me.username } });
      this.#arrived(draft);
    } catch (error) {
      this.#refuse(draft, /** @type {ApiError} */ (error));
    }
    this.#isPosting = false;
    const { state } = /** @type {Written} */ (draft); // what has become of it meanwhile
    if (state !== 'due') this.pump();
  }

  /**
   * Stored. It stays a draft until it comes back with everybody's messages, in its place.
   * @param {Written} draft
   */
  #arrived(draft) {
    clearTimeout(draft.notice);
    if (!this.#drafts.has(draft.key)) return;
    draft.state = 'arrived';
    setState(draft.item, 'sent');
  }

  /**
   * @param {Written} draft
   * @param {{ status?: number, message: string, retryAfter?: number }} error
   */
  #refuse(draft, { status, message, retryAfter = 0 }) {
    if (draft.state === 'failed') return;
    if (status === 401) this.#options.signedOut();
    else if (status && !PASSING.includes(status)) return this.#fail(draft, message);
    draft.state = 'due';
    draft.reason = message;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.pump(), retryAfter * 1000 || AGAIN_MS);
  }

  /**
   * @param {Written} draft
   * @param {string} reason
   */
  #fail(draft, reason) {
    clearTimeout(draft.notice);
    if (!this.#drafts.has(draft.key) || draft.state === 'arrived') return;
    draft.state = 'failed';
    setFailed(draft.item, asSentence(reason), { retry: () => this.#retry(draft), withdraw: () => this.#withdraw(draft) });
    this.#options.grown();
  }

  /** @param {Written} draft */
  #retry(draft) {
    this.#start(draft);
    this.pump();
  }

  #store() {
    const unsent = [...this.#drafts.values()].map(({ key, body }) => ({ key, body }));
    sessionStorage.setItem(this.#storedAs, JSON.stringify(unsent));
  }
}

/** 128 random bits (crypto.randomUUID is missing on plain http away from localhost). */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
