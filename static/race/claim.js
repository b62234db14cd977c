// One race a browser: two would count each other's bytes, and take two connections more.

/** @import { Tabs } from '../connection/tabs.js' */

import { sleep } from '../shared/time.js';

const ANSWER_MS = 250;
/** Tells this tab after a reload that it shall run, whatever runs elsewhere. */
const TAKE = 'pushlab.race.take';

export class Claim {
  #tabs;
  #id = Math.random();
  /** @type {'none' | 'asking' | 'running'} */
  #state = 'none';
  #lost;

  /**
   * `lost` is called when another tab has taken the race over.
   * @param {Tabs} tabs
   * @param {() => void} lost
   */
  constructor(tabs, lost) {
    this.#tabs = tabs;
    this.#lost = lost;
    tabs.addEventListener('race-asked', (event) => this.#asked(/** @type {CustomEvent} */ (event).detail));
    tabs.addEventListener('race-taken', () => this.#taken());
  }

  /** Resolves to whether this page may run the race. */
  async stake() {
    if (sessionStorage.getItem(TAKE)) return this.#take();
    let isFree = true;
    const onRunning = () => { isFree = false; };
    this.#state = 'asking';
    this.#tabs.addEventListener('race-runs', onRunning);
    this.#tabs.broadcast('race-asked', this.#id);
    await sleep(ANSWER_MS);
    this.#tabs.removeEventListener('race-runs', onRunning);
    this.#state = isFree ? 'running' : 'none';
    return isFree;
  }

  /** No race runs here any more. */
  release() { this.#state = 'none'; }

  /** Runs it here, from the beginning. */
  static takeOver() {
    sessionStorage.setItem(TAKE, 'yes');
    location.reload();
  }

  #take() {
    sessionStorage.removeItem(TAKE);
    this.#state = 'running';
    this.#tabs.broadcast('race-taken');
    return true;
  }

  /**
   * Of two that ask in the same moment, the lower number runs.
   * @param {number} id
   */
  #asked(id) {
    const isMine = this.#state === 'running' || (this.#state === 'asking' && this.#id < id);
    if (isMine) this.#tabs.broadcast('race-runs');
  }

  #taken() {
    if (this.#state !== 'running') return;
    this.#state = 'none';
    this.#lost();
  }
}
