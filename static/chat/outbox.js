// What this tab has written and the room does not show yet. Each draft has a key of its own, with
// which the server stores it once however often it is sent; so sending again is always safe.

import { postJson } from '../shared/api.js';
import { isOffline } from '../shared/offline.js';
import { setState } from './message-item.js';

/** A draft that could not be delivered for this long is given back to its author. */
const LIMIT_MS = 15_000;
const AGAIN_MS = 1000;
/** Statuses that may pass: sending the same again later can succeed. */
const PASSING = [408, 429, 500, 502, 503, 504];

export class Outbox {
  #options;
  #drafts = new Map(); // by key, in the order written
  #storedAs;
  #connection = null;
  #isPosting = false;
  #again;

  /** `show(draft)` puts a draft into the conversation and answers its element. */
  constructor(options) {
    this.#options = options;
    this.#storedAs = `pushlab.outbox.${options.me.username}.${options.room}`;
  }

  /** Shows what an earlier page of this tab left unsent. */
  restore() {
    const stored = JSON.parse(sessionStorage.getItem(this.#storedAs) ?? '[]');
    for (const { key, body } of stored) this.#add(key, body);
  }

  /** `connection` may carry the drafts from now on. */
  use(connection) {
    this.#connection = connection;
    this.pump();
  }

  write(body) {
    this.#add(newKey(), body).item.writtenAt = performance.now();
    this.#store();
    this.pump();
  }

  /** The draft's element if `message` is one of those written here; it is no longer a draft then. */
  confirm({ author, key }) {
    const draft = author === this.#options.me.username && this.#drafts.get(key);
    if (!draft) return undefined;
    clearTimeout(draft.deadline);
    this.#drafts.delete(key);
    this.#store();
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

  acknowledged({ key }) {
    const draft = this.#drafts.get(key);
    if (draft) this.#arrived(draft);
  }

  refused({ key, status, title, detail }) {
    const draft = this.#drafts.get(key);
    if (draft) this.#refuse(draft, { status, message: detail ?? title });
  }

  #add(key, body) {
    const { me, show } = this.#options;
    const draft = { key, body, author: me.username, display_name: me.display_name, sent_at: new Date().toISOString() };
    draft.item = show(draft);
    this.#drafts.set(key, draft);
    this.#start(draft);
    return draft;
  }

  #start(draft) {
    draft.state = 'due';
    setState(draft.item, 'sending');
    this.#allow(draft);
  }

  /** While this tab is offline nothing can be sent, so no time is lost. */
  #allow(draft) {
    draft.deadline = setTimeout(() => {
      if (isOffline()) this.#allow(draft);
      else this.#fail(draft, draft.reason ?? 'The server could not be reached.');
    }, LIMIT_MS);
  }

  #sendOver(channel, draft) {
    draft.state = 'in socket';
    channel.send({ key: draft.key, body: draft.body });
  }

  async #post(draft) {
    const { room, me } = this.#options;
    this.#isPosting = true;
    draft.state = 'posted';
    try {
      const { key, body } = draft;
      await postJson(`/api/rooms/${room}/messages`, { key, body }, { query: { as: me.username } });
      this.#arrived(draft);
    } catch (error) {
      this.#refuse(draft, error);
    }
    this.#isPosting = false;
    if (draft.state !== 'due') this.pump();
  }

  /** Stored. It stays a draft until it comes back with everybody's messages, in its place. */
  #arrived(draft) {
    clearTimeout(draft.deadline);
    if (!this.#drafts.has(draft.key)) return;
    draft.state = 'arrived';
    setState(draft.item, 'sent');
  }

  #refuse(draft, { status, message, retryAfter = 0 }) {
    if (draft.state === 'failed') return;
    if (status === 401) this.#options.signedOut();
    else if (status && !PASSING.includes(status)) return this.#fail(draft, message);
    draft.state = 'due';
    draft.reason = message;
    this.#again = setTimeout(() => this.pump(), retryAfter * 1000 || AGAIN_MS);
  }

  #fail(draft, reason) {
    clearTimeout(draft.deadline);
    if (!this.#drafts.has(draft.key) || draft.state === 'arrived') return;
    draft.state = 'failed';
    setState(draft.item, 'failed', { reason, retry: () => this.#retry(draft) });
    this.#options.grown();
  }

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
