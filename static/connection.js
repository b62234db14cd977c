// Keeps one transport open: the cursor, reconnecting, changing transports, giving up. What is
// the same for all four transports is here; what differs is in transports/.

import { backoff } from './backoff.js';
import { transports } from './transports/index.js';

/** A connection that lived this long was a success: the next failure starts from the shortest wait. */
const STABLE_MS = 2000;

/** Statuses after which trying again is useless, and what they mean for this page. */
const FINAL = { 401: 'signed-out', 403: 'signed-out', 404: 'no-room', 422: 'stale-cursor' };

/**
 * `on`: message, presence, ack, refused (as in transports/index.js), `state({ state, retryAt,
 * waiting })` with state `connecting | live | offline`, and `ended(why)`, why being one of the
 * values of FINAL. `diagnose(after)` finds out `why` where a transport can't say (or null).
 */
export class Connection {
  #options;
  #after;
  #open = null; // the transport's handle, while it connects and while it is live
  #attempt = 0; // a newer attempt makes whatever an older one still does void
  #failures = 0;
  #liveSince = null;
  #state = 'connecting';
  #retry;
  #mustDiagnose = false;
  #isWaiting = false; // for a free connection

  constructor({ after, ...options }) {
    this.#options = options;
    this.#after = after;
    options.settings.addEventListener('change', () => this.#reopenNow());
    options.tabs.addEventListener('change', () => this.#slotMayBeFree());
    window.addEventListener('offline', () => this.#open && this.#lost('offline', {}));
    window.addEventListener('online', () => this.#hurry());
    document.addEventListener('visibilitychange', () => document.hidden || this.#hurry());
  }

  /** The live handle where it carries messages to the server too, else null. */
  get channel() {
    return this.#state === 'live' && this.#open?.send ? this.#open : null;
  }

  get isLive() { return this.#state === 'live'; }

  /** Whether a post can get through: also while the feed waits for a connection, one is kept free. */
  get canPost() { return this.isLive || this.#isWaiting; }

  /** Opens what the settings say, from the cursor, in place of whatever is open. */
  async reopen() {
    if (this.#state === 'closed') return;
    const attempt = this.#shut();
    this.#tell('connecting');
    if (this.#mustDiagnose && (await this.#isOver(attempt))) return;
    if (!(await this.#mayOpen(attempt))) return;
    const { room, as, settings } = this.#options;
    const transport = transports.get(settings.transport);
    this.#options.tabs.occupy(transport.holds);
    this.#open = transport.open({ room, as, settings, after: this.#after, on: this.#listeners(attempt) });
  }

  /** For good. */
  close() {
    this.#shut();
    this.#state = 'closed';
  }

  #shut() {
    clearTimeout(this.#retry);
    this.#open?.close();
    this.#open = null;
    this.#options.tabs.occupy(false);
    return ++this.#attempt;
  }

  #listeners(attempt) {
    const { message, ...on } = this.#options.on;
    const current = (action) => (...values) => attempt === this.#attempt && action(...values);
    return {
      up: current(() => this.#isUp()),
      message: current((received) => this.#received(received, message)),
      presence: current(on.presence),
      ack: current(on.ack),
      refused: current(on.refused),
      down: current((reason, details) => this.#lost(reason, details)),
    };
  }

  #isUp() {
    this.#liveSince = performance.now();
    this.#mustDiagnose = false;
    this.#tell('live');
  }

  /** `seq` counts without a gap, so anything else than the next one is an error on the way. */
  #received(message, pass) {
    if (message.seq <= this.#after) return;
    if (message.seq > this.#after + 1) return this.#lost('a message is missing', {});
    this.#after = message.seq;
    pass(message);
  }

  #lost(reason, { status, retryAfter }) {
    const lived = this.#liveSince !== null && performance.now() - this.#liveSince > STABLE_MS;
    if (lived) this.#failures = 0;
    this.#liveSince = null;
    this.#shut();
    if (FINAL[status]) return this.#end(FINAL[status]);
    this.#mustDiagnose = !transports.get(this.#options.settings.transport).saysWhy;
    this.#retryIn(backoff(this.#failures++, retryAfter));
  }

  #retryIn(ms) {
    this.#retry = setTimeout(() => this.reopen(), ms);
    this.#tell('offline', { retryAt: Date.now() + ms });
  }

  /** Whether going on is useless, asked where the browser hides why a connection failed. */
  async #isOver(attempt) {
    try {
      const why = await this.#options.diagnose(this.#after);
      if (attempt !== this.#attempt) return true;
      if (why) this.#end(why);
      return Boolean(why);
    } catch (error) {
      if (attempt === this.#attempt) this.#lost(error.message, { retryAfter: error.retryAfter });
      return true;
    }
  }

  /** An open feed takes one of the browser's few connections: only if one is to be had. */
  async #mayOpen(attempt) {
    const { settings, tabs } = this.#options;
    if (!transports.get(settings.transport).holds) return true;
    const isFree = await tabs.isFree();
    if (attempt !== this.#attempt) return false;
    if (!isFree) this.#tell('connecting', { waiting: true });
    return isFree;
  }

  #slotMayBeFree() {
    if (this.#isWaiting && !this.#options.tabs.isFull) this.reopen();
  }

  #hurry() {
    if (this.#state === 'offline') this.#reopenNow();
  }

  #reopenNow() {
    this.#failures = 0;
    this.reopen();
  }

  #end(why) {
    this.close();
    this.#options.on.ended(why);
  }

  #tell(state, details = {}) {
    this.#state = state;
    this.#isWaiting = Boolean(details.waiting);
    this.#options.on.state({ state, ...details });
  }
}
