// Which span of time is looked at, and until when it has been told: the end follows what happens, stands
// still, or plays from somewhere in the past, slowly or not. Nothing that is measured changes with it.

export const WIDEST_MS = 60_000;
export const NARROWEST_MS = 50;
const USUAL_MS = 10_000;
/** Slow motion takes this long from edge to edge. */
const ACROSS_MS = 10_000;

/** @typedef {'following' | 'frozen' | 'playing'} Mode */

/**
 * What has a time axis: a live race, or a recorded one, whose end stands still. `cue` is where slow motion begins.
 * @typedef {object} Source
 * @property {boolean} isLive
 * @property {() => number} now
 * @property {() => number} begin
 * @property {() => number} cue
 */

/** @type {Source} */
const NOTHING = { isLive: true, now: () => performance.now(), begin: () => 0, cue: () => 0 };

/** Dispatches `change` when another span is looked at than time alone brings. */
export class Lens extends EventTarget {
  #source = NOTHING;
  #span = USUAL_MS;
  /** @type {Mode} */
  #mode = 'following';
  /** Where the end stands, or stood at `#since`; and how far it plays. */
  #end = 0;
  #since = 0;
  #until = 0;
  #factor = 1;
  /** What was shown before slow motion. */
  #spanBefore = 0;

  /**
   * Looks at something else, from its end.
   * @param {Source} source
   */
  aim(source) {
    this.#source = source;
    this.#span = USUAL_MS;
    this.#spanBefore = 0;
    this.#set('following');
  }

  get mode() { return this.#mode; }

  get isLive() { return this.#source.isLive; }

  /** Whether time alone changes what is seen. */
  get moves() { return this.#mode === 'playing' || (this.#mode === 'following' && this.isLive); }

  /** How many times slower than it happened. */
  get factor() { return this.#mode === 'playing' ? this.#factor : 1; }

  /** The earliest instant that is shown; nothing but the latest, where it follows. */
  get needs() { return this.#mode === 'following' ? Number.POSITIVE_INFINITY : this.#end - this.#span; }

  /** ms from edge to edge. */
  get span() { return this.#span; }

  /** The earliest instant that may be looked at. */
  get begin() { return this.#source.begin(); }

  /** The latest one. */
  get latest() { return this.#source.now(); }

  /** The right edge: what happened later is not shown. */
  get end() {
    if (this.#mode === 'following') return this.latest;
    if (this.#mode === 'frozen') return this.#end;
    const end = this.#end + (performance.now() - this.#since) / this.#factor;
    const until = Math.min(this.#until, this.latest);
    if (end < until) return end;
    this.#played(until);
    return until;
  }

  /** How far the end lies behind the latest instant, in ms. */
  get behind() { return this.latest - this.end; }

  follow() {
    if (this.#spanBefore) this.#span = this.#spanBefore;
    this.#spanBefore = 0;
    this.#set('following');
  }

  freeze() { this.#freezeAt(this.end); }

  /** Stands still, or goes on: live with what happens now, recorded from where it stands. */
  toggle() {
    if (this.#mode === 'frozen') this.#goOn();
    else if (this.#mode === 'following' && !this.isLive) this.play({ from: this.begin });
    else this.freeze();
  }

  /**
   * Looks at what had happened by `end`.
   * @param {number} end
   */
  scrub(end) {
    const { latest } = this;
    this.#freezeAt(Math.min(latest, Math.max(end, Math.min(latest, this.begin + this.#span / 10))));
  }

  /**
   * Shows the latest message again, so many times slower; with the same factor once more, as before.
   * @param {number} factor
   */
  slow(factor) {
    if (this.factor === factor) return this.#goOn();
    this.#spanBefore ||= this.#span;
    this.#span = ACROSS_MS / factor;
    return this.play({ from: this.#source.cue(), factor });
  }

  /**
   * Plays from one instant to another, so many times slower than it happened.
   * @param {{ from: number, until?: number, factor?: number }} part
   */
  play({ from, until = Number.POSITIVE_INFINITY, factor = 1 }) {
    this.#end = from;
    this.#until = until;
    this.#since = performance.now();
    this.#factor = factor;
    this.#set('playing');
  }

  /**
   * Shows `span` ms from edge to edge. Where time stands still, so does the instant at `anchor` (0 to 1 of
   * the width), else the right edge.
   * @param {number} span
   * @param {number} [anchor]
   */
  zoom(span, anchor = 1) {
    const wanted = Math.min(WIDEST_MS, Math.max(NARROWEST_MS, span));
    const kept = this.end - this.#span * (1 - anchor);
    this.#span = wanted;
    this.#spanBefore = 0;
    if (this.#mode === 'frozen') this.scrub(kept + wanted * (1 - anchor));
    else this.dispatchEvent(new Event('change'));
  }

  #goOn() {
    if (this.isLive) this.follow();
    else this.play({ from: this.behind > 0 ? this.end : this.begin });
  }

  /**
   * Told later: whoever asks for the end is drawing it.
   * @param {number} until
   */
  #played(until) {
    this.#end = until;
    this.#mode = until < this.latest ? 'frozen' : 'following';
    queueMicrotask(() => this.dispatchEvent(new Event('change')));
  }

  /** @param {number} end */
  #freezeAt(end) {
    this.#end = end;
    this.#set('frozen');
  }

  /** @param {Mode} mode */
  #set(mode) {
    this.#mode = mode;
    this.dispatchEvent(new Event('change'));
  }
}
