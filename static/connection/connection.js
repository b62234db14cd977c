// Keeps one transport open: the cursor, reconnecting, changing transports, giving up. What is
// the same for all four transports is here; what differs is in transports/.

import { AutoChoice } from './auto.js';
import { backoff } from '../shared/backoff.js';
import { FixedChoice } from './choice.js';
import { isOffline } from '../shared/offline.js';
import { Opening } from './opening.js';
import { AUTO } from '../chat/settings.js';
import { transports } from '../transports/index.js';

/** A connection that lived this long was a success: the next failure starts from the shortest wait. */
const STABLE_MS = 2000;
/** How long a transport that is tried beside another may take to bring something. */
const PROOF_MS = 5000;

/** Statuses after which trying again is useless, and what they mean for this page. */
const FINAL = { 401: 'signed-out', 403: 'signed-out', 404: 'no-room', 422: 'stale-cursor' };

/**
 * `reader` is { room, query, presence } as in transports/index.js, and so are `on`'s message,
 * presence, ack, refused and trace; besides, `state({ state, transport, retryAt, waiting })` with
 * state `connecting | live | offline`, `attempts(list, now)` (auto.js) and `ended(why)`, why being
 * one of the values of FINAL. While offline, `state` has the `reason`, too. `settings` says which transport ("auto" too). `diagnose(after)` finds out
 * `why` where a transport can't say (or null). `tabs` is of tabs.js.
 */
export class Connection {
  #options;
  #place;
  #after;
  #choice;
  #line = null; // what is open, while it connects and while it is live
  #beside = null; // what is tried beside it
  #failures = 0;
  #liveSince = null;
  #state = 'connecting';
  #retry;
  #mustDiagnose = false;
  #isWaiting = false; // for a free connection

  constructor({ after, ...options }) {
    this.#options = options;
    this.#after = after;
    this.#place = options.tabs.place();
    options.settings.addEventListener('change', () => {
      this.#choose();
      this.#reopenNow();
    });
    options.tabs.addEventListener('change', () => this.#slotMayBeFree());
    window.addEventListener('offline', () => this.#cutOff());
    window.addEventListener('online', () => this.#wake());
    document.addEventListener('visibilitychange', () => document.hidden || this.#wake());
    this.#choose();
  }

  get reader() { return this.#options.reader; }

  /** The last `seq` seen. */
  get after() { return this.#after; }

  /** The live handle where it carries messages to the server too, else null. */
  get channel() {
    return this.#state === 'live' && this.#line?.handle.send ? this.#line.handle : null;
  }

  get isLive() { return this.#state === 'live'; }

  /** The transport in use, or tried now. */
  get transport() { return this.#line?.slug ?? this.#choice.slug; }

  /** Whether a post can get through: also while the feed waits for a connection, one is kept free. */
  get canPost() { return this.isLive || this.#isWaiting; }

  /** Opens what the settings say, from the cursor, in place of whatever is open. */
  async reopen() {
    if (this.#state === 'closed') return;
    this.#shut();
    if (isOffline()) return this.#tell('offline');
    this.#tell('connecting');
    const line = this.#line = new Opening(this.#choice.slug);
    if (this.#mustDiagnose && (await this.#isOver(line))) return;
    if (!(await this.#mayOpen(line))) return;
    this.#choice.opening();
    this.#open(line, this.#place, {
      up: () => this.#isUp(),
      message: (...arrived) => this.#received(line, ...arrived),
      down: (reason, details) => this.#lost(reason, details),
    });
  }

  /**
   * Opens another transport beside the open one, and changes over once something has come through it.
   * Answers { worked, reason }, or { isVoid } when this connection was changed meanwhile.
   */
  async tryBeside(slug) {
    if (!this.isLive) return { isVoid: true };
    const place = this.#options.tabs.place();
    const line = this.#beside = new Opening(slug, place);
    const isFree = !transports.get(slug).holds || (await place.isFree());
    const reason = isFree && !line.isVoid ? await this.#prove(line, place) : 'no connection is free';
    if (line.isVoid) return { isVoid: true };
    this.#beside = null;
    if (!reason) this.#changeOver(line);
    else line.close();
    return { worked: !reason, reason };
  }

  /** Has a better transport tried at once, where the choice is automatic and one is due later. */
  hurry() { this.#choice.hurry(); }

  /** Loses the open feed on purpose, unless it has moved on from `after`. */
  giveUp(after, reason) {
    if (this.#line?.handle && this.#after === after) this.#lost(reason, {});
  }

  /** For good. */
  close() {
    this.#shut();
    this.#place.leave();
    this.#state = 'closed';
  }

  #choose() {
    const { settings, on: { attempts = () => {} } } = this.#options;
    this.#choice?.left();
    const isAuto = settings.transport === AUTO;
    this.#choice = isAuto ? new AutoChoice(this, attempts) : new FixedChoice(settings.transport);
  }

  #shut() {
    clearTimeout(this.#retry);
    this.#choice.left();
    this.#beside?.close();
    this.#beside = null;
    if (this.#line?.close()) this.#traceClosed();
    this.#line = null;
    this.#place.occupy(false);
  }

  #traceClosed() {
    this.#options.on.trace?.({ kind: 'closed', exchange: null, at: performance.now() });
  }

  /** `own` are the listeners that this line has for itself: up, message, down. */
  #open(line, place, own) {
    const { reader, settings, on } = this.#options;
    const transport = transports.get(line.slug);
    place.occupy(transport.holds);
    const { presence, ack, refused, trace = () => {} } = on;
    const listeners = line.guarded({ presence, ack, refused, trace, ...own }, () => line === this.#line && this.#choice.heard());
    line.handle = transport.open({ ...reader, settings, after: this.#after, on: listeners });
  }

  /**
   * Resolves to nothing once `line` has brought something (or is void), else to why it failed. A push
   * of a reader who asks for no presence has nothing to bring at first: that it opens is enough.
   */
  #prove(line, place) {
    const { on, reader } = this.#options;
    return new Promise((resolve) => {
      setTimeout(() => resolve('nothing came through'), PROOF_MS);
      this.#open(line, place, {
        up: () => (line.slug.endsWith('_poll') || !reader.presence) && resolve(),
        presence: (document) => {
          on.presence(document);
          resolve();
        },
        message: (...arrived) => {
          this.#received(line, ...arrived);
          resolve();
        },
        down: (reason, details) => (line === this.#line ? this.#lost(reason, details) : resolve(reason)),
      });
    });
  }

  #changeOver(line) {
    this.#line?.close();
    this.#traceClosed();
    this.#line = line;
    line.leavePlace();
    this.#place.occupy(transports.get(line.slug).holds);
    this.#liveSince = performance.now();
    this.#tell('live');
  }

  #isUp() {
    this.#liveSince = performance.now();
    this.#mustDiagnose = false;
    this.#choice.up();
    this.#tell('live');
  }

  /** `seq` counts without a gap, so anything else than the next one is an error on the way. */
  #received(line, message, arrival) {
    if (message.seq <= this.#after) return;
    if (message.seq > this.#after + 1) return this.#lost('a message is missing', {});
    this.#after = message.seq;
    this.#options.on.message(message, { ...arrival, transport: line.slug });
  }

  #lost(reason, { status, retryAfter }) {
    const hadWorked = this.#liveSince !== null && performance.now() - this.#liveSince > STABLE_MS;
    if (hadWorked) this.#failures = 0;
    this.#liveSince = null;
    this.#mustDiagnose = !transports.get(this.#choice.slug).saysWhy;
    this.#shut();
    if (FINAL[status]) return this.#end(FINAL[status]);
    const next = this.#choice.failed(reason, { hadWorked });
    if (next === 'now') return this.reopen();
    this.#retryIn(backoff(this.#failures++, retryAfter), reason);
  }

  #retryIn(ms, reason) {
    this.#retry = setTimeout(() => this.reopen(), ms);
    this.#tell('offline', { retryAt: Date.now() + ms, reason });
  }

  /** Whether going on is useless, asked where the browser hides why a connection failed. */
  async #isOver(line) {
    try {
      const why = await this.#options.diagnose(this.#after);
      if (line.isVoid) return true;
      if (why) this.#end(why);
      return Boolean(why);
    } catch (error) {
      if (!line.isVoid) this.#isAway(error);
      return true;
    }
  }

  /** Nobody answers, over whichever transport. */
  #isAway({ message, retryAfter }) {
    this.#shut();
    this.#choice.away();
    this.#retryIn(backoff(this.#failures++, retryAfter), message);
  }

  /** An open feed takes one of the browser's few connections: only if one is to be had. */
  async #mayOpen(line) {
    if (!transports.get(line.slug).holds) return true;
    const isFree = await this.#place.isFree();
    if (line.isVoid) return false;
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
    else if (this.#line?.handle) this.#lost('offline', {});
  }

  #wake() {
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
    this.#options.on.state({ state, transport: this.transport, ...details });
  }
}
