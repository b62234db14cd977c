// Keeps one transport open: the cursor, reconnecting, changing transports, giving up. What is
// the same for all four transports is here; what differs is in transports/.

/** @import { Arrived, Channel, DownDetails, Message, TransportListeners } from '../shared/types.js' */
/** @import { ConnectionNow, ConnectionOptions, ConnectionState, Ending } from '../shared/types.js' */
/** @import { ApiError } from '../shared/api.js' */
/** @import { Choice } from './choice.js' */
/** @import { Place } from './tabs.js' */

import { isOffline } from '../shared/offline.js';
import { transportOf } from '../transports/index.js';
import { AutoChoice } from './auto.js';
import { AUTO, FixedChoice } from './choice.js';
import { Opening } from './opening.js';
import { Retries } from './retries.js';

/** How long a transport that is tried beside another may take to bring something. */
const PROOF_MS = 5000;

/**
 * Statuses after which another attempt is useless, and what they mean for this page.
 * @type {Record<number, Ending>}
 */
const FINAL = { 401: 'signed-out', 403: 'signed-out', 404: 'no-room', 422: 'stale-cursor' };

/**
 * The listeners of one opening; what they do not handle goes to `on`.
 * @typedef {Pick<TransportListeners, 'up' | 'message' | 'down'> & Partial<TransportListeners>} OwnListeners
 */

export class Connection {
  #options;
  #place;
  #after;
  /** @type {Choice} */
  #choice;
  /** @type {Opening | null} */
  #opening = null; // what is open, while it connects and while it is live
  /** @type {Opening | null} */
  #beside = null; // what is tried beside it
  #retries = new Retries();
  /** @type {ConnectionState | 'closed'} */
  #state = 'connecting';
  #mustDiagnose = false;
  #isWaiting = false; // for a free connection
  #gone = new AbortController();

  /** @param {ConnectionOptions & { after: number }} options */
  constructor({ after, ...options }) {
    this.#options = options;
    this.#after = after;
    this.#place = options.tabs.place();
    const { signal } = this.#gone;
    const settingsChanged = () => {
      this.#choice.left();
      this.#choice = this.#chosen();
      this.#reopenNow();
    };
    options.settings.addEventListener('change', settingsChanged, { signal });
    options.tabs.addEventListener('change', () => this.#slotMayBeFree(), { signal });
    window.addEventListener('offline', () => this.#cutOff(), { signal });
    window.addEventListener('online', () => this.#wake(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden || this.#wake(), { signal });
    this.#choice = this.#chosen();
  }

  get reader() { return this.#options.reader; }

  /** The last `seq` seen. */
  get after() { return this.#after; }

  /**
   * The live handle where it carries messages to the server too, else null.
   * @returns {Channel | null}
   */
  get channel() {
    const handle = this.isLive ? this.#opening?.handle : null;
    return handle?.send ? /** @type {Channel} */ (handle) : null;
  }

  get isLive() { return this.#state === 'live'; }

  /** The transport in use, or tried now. */
  get transport() { return this.#opening?.slug ?? this.#choice.slug; }

  /** Whether a post can get through: also while the feed waits for a connection, one is kept free. */
  get canPost() { return this.isLive || this.#isWaiting; }

  /** Opens what the settings say, from the cursor, in place of whatever is open. */
  async reopen() {
    if (this.#state === 'closed') return;
    this.#shut();
    if (isOffline()) return this.#tell('offline');
    this.#tell('connecting');
    const opening = new Opening(this.#choice.slug);
    this.#opening = opening;
    if (this.#mustDiagnose && (await this.#isOver(opening))) return;
    if (!(await this.#mayOpen(opening))) return;
    this.#choice.opening();
    this.#open(opening, this.#place, {
      up: () => this.#isUp(),
      message: (message, arrived) => this.#received(opening, message, arrived),
      down: (reason, details) => this.#lost(reason, details),
    });
  }

  /**
   * Opens another transport beside the open one, and changes over once something has come through it.
   * Resolves to { worked, reason }, or { isClosed } when this connection was changed meanwhile.
   * @param {string} slug
   * @returns {Promise<{ isClosed?: boolean, worked?: boolean, reason?: string }>}
   */
  async tryBeside(slug) {
    if (!this.isLive) return { isClosed: true };
    const place = this.#options.tabs.place();
    const opening = new Opening(slug, place);
    this.#beside = opening;
    const isFree = !transportOf(slug).holds || (await place.isFree());
    const reason = isFree && !opening.isClosed ? await this.#prove(opening, place) : 'no connection is free';
    if (opening.isClosed) return { isClosed: true };
    this.#beside = null;
    if (!reason) this.#changeOver(opening);
    else opening.close();
    return { worked: !reason, reason };
  }

  /** Has a better transport tried at once, where the choice is automatic and one is due later. */
  hurry() { this.#choice.hurry(); }

  /**
   * Drops the open feed on purpose, unless it has moved on from `after`.
   * @param {number} after
   * @param {string} reason
   */
  giveUp(after, reason) {
    if (this.#opening?.handle && this.#after === after) this.#lost(reason, {});
  }

  /** For good. */
  close() {
    this.#shut();
    this.#gone.abort();
    this.#place.leave();
    this.#state = 'closed';
  }

  #chosen() {
    const { settings, reader, on: { attempts, fault } } = this.#options;
    const slug = settings.transport;
    if (slug !== AUTO) {
      const mustBring = reader.presence && !transportOf(slug).isPoll;
      return new FixedChoice(slug, { mustBring, fault: (reason) => fault?.(slug, reason) });
    }
    fault?.(slug, null);
    return new AutoChoice(this, attempts);
  }

  #shut() {
    this.#retries.stop();
    this.#choice.left();
    this.#beside?.close();
    this.#beside = null;
    if (this.#opening?.close()) this.#traceClosed();
    this.#opening = null;
    this.#place.occupy(false);
  }

  #traceClosed() {
    this.#options.on.trace({ kind: 'closed', exchange: null, at: performance.now() });
  }

  /**
   * @param {Opening} opening
   * @param {Place} place
   * @param {OwnListeners} own
   */
  #open(opening, place, own) {
    const { reader, settings, on } = this.#options;
    const transport = transportOf(opening.slug);
    place.occupy(transport.holds);
    const { presence, ack, refused, trace } = on;
    const heard = () => opening === this.#opening && this.#choice.heard();
    opening.handle = transport.open({
      ...reader,
      settings: settings.values,
      bound: settings.bound,
      after: this.#after,
      on: opening.guarded({ presence, ack, refused, trace, ...own }, heard),
    });
  }

  /**
   * Resolves to nothing once `opening` has brought something (or is closed), else to why it failed. A push
   * of a reader who asks for no presence has nothing to bring at first: that it opens is enough.
   * @param {Opening} opening
   * @param {Place} place
   * @returns {Promise<string | undefined>}
   */
  #prove(opening, place) {
    const { on, reader } = this.#options;
    return new Promise((resolve) => {
      const worked = () => resolve(undefined);
      setTimeout(() => resolve('nothing came through'), PROOF_MS);
      this.#open(opening, place, {
        up: () => (transportOf(opening.slug).isPoll || !reader.presence) && worked(),
        presence: (document) => {
          on.presence(document);
          worked();
        },
        message: (message, arrived) => {
          this.#received(opening, message, arrived);
          worked();
        },
        down: (reason, details) => (opening === this.#opening ? this.#lost(reason, details) : resolve(reason)),
      });
    });
  }

  /** @param {Opening} opening */
  #changeOver(opening) {
    this.#opening?.close();
    this.#traceClosed();
    this.#opening = opening;
    opening.leavePlace();
    this.#place.occupy(transportOf(opening.slug).holds);
    this.#retries.live();
    this.#tell('live');
  }

  #isUp() {
    this.#retries.live();
    this.#mustDiagnose = false;
    this.#choice.up();
    this.#tell('live');
  }

  /**
   * `seq` counts without a gap, so anything else than the next one is an error on the way.
   * @param {Opening} opening
   * @param {Message} message
   * @param {Arrived} arrival
   */
  #received(opening, message, arrival) {
    if (message.seq <= this.#after) return;
    if (message.seq > this.#after + 1) return this.#lost('a message is missing', {});
    this.#after = message.seq;
    this.#options.on.message(message, { ...arrival, transport: opening.slug });
  }

  /**
   * @param {string} reason
   * @param {DownDetails} details
   */
  #lost(reason, { status, retryAfter }) {
    const hadWorked = this.#retries.lost();
    this.#mustDiagnose = status === undefined;
    this.#shut();
    if (status && FINAL[status]) return this.#end(FINAL[status]);
    const next = this.#choice.failed(reason, { hadWorked, status });
    if (next === 'now') return this.reopen();
    return this.#retry(reason, retryAfter);
  }

  /**
   * @param {string} reason
   * @param {number} [retryAfter]
   */
  #retry(reason, retryAfter) {
    const retryAt = this.#retries.later(() => this.reopen(), retryAfter);
    this.#tell('offline', { retryAt, reason });
  }

  /**
   * Whether another attempt is useless; asked because the browser hides why a connection failed.
   * @param {Opening} opening
   */
  async #isOver(opening) {
    try {
      const why = await this.#options.diagnose(this.#after);
      if (opening.isClosed) return true;
      if (why) this.#end(why);
      else this.#choice.there();
      return Boolean(why);
    } catch (error) {
      if (!opening.isClosed) this.#isAway(/** @type {ApiError} */ (error));
      return true;
    }
  }

  /**
   * The server does not respond, over any transport.
   * @param {ApiError} error
   */
  #isAway({ message, retryAfter }) {
    this.#shut();
    this.#choice.away();
    this.#retry(message, retryAfter);
  }

  /**
   * An open feed takes one of the browser's few connections: only if one is to be had.
   * @param {Opening} opening
   */
  async #mayOpen(opening) {
    if (!transportOf(opening.slug).holds) return true;
    const isFree = await this.#place.isFree();
    if (opening.isClosed) return false;
    if (!isFree) this.#doWithout();
    return isFree;
  }

  /** Another transport may need no connection of its own; else wait for one. */
  #doWithout() {
    if (this.#choice.failed('no connection is free', { hadWorked: false }) === 'now') this.reopen();
    else this.#tell('connecting', { waiting: true });
  }

  #slotMayBeFree() {
    if (this.#isWaiting && !this.#options.tabs.isFull) this.reopen();
  }

  /** The network has gone, or somebody pretends so: then nothing is tried until it is back. */
  #cutOff() {
    if (isOffline()) this.reopen();
    else if (this.#opening?.handle) this.#lost('offline', {});
  }

  #wake() {
    if (this.#state === 'offline') this.#reopenNow();
  }

  #reopenNow() {
    this.#retries.forget();
    this.reopen();
  }

  /** @param {Ending} why */
  #end(why) {
    this.close();
    this.#options.on.ended(why);
  }

  /**
   * @param {ConnectionState} state
   * @param {Partial<ConnectionNow>} [details]
   */
  #tell(state, details = {}) {
    this.#state = state;
    this.#isWaiting = Boolean(details.waiting);
    this.#options.on.state({ state, transport: this.transport, ...details });
  }
}
