// Below the choice "Auto": what is in use, when a better one is tried, and what has been tried.

/** @import { Attempt, AutoNow } from '../shared/types.js' */
/** @import { Settings } from './settings.js' */

import { AUTO } from '../connection/choice.js';
import { $, element } from '../shared/dom.js';
import { identity } from '../shared/identities.js';
import { marker } from '../shared/markers.js';

const SHOWN = 5;
const TICK_MS = 250;

export class AutoPanel {
  #root = $('#auto');
  #list = $('#auto-attempts');
  /** @type {Map<Attempt, HTMLElement>} */
  #items = new Map();
  /** @type {number | undefined} */
  #countdown;

  /**
   * `tryNow()` tries the better ones at once.
   * @param {Settings} settings
   * @param {() => void} tryNow
   */
  constructor(settings, tryNow) {
    const show = () => { this.#root.hidden = settings.transport !== AUTO; };
    settings.addEventListener('change', show);
    $('#auto-try').addEventListener('click', tryNow);
    show();
  }

  /**
   * As auto.js reports it.
   * @param {Attempt[]} attempts
   * @param {AutoNow} now
   */
  show(attempts, now) {
    this.#showAttempts(attempts.slice(-SHOWN));
    $('#auto-try').hidden = now.nextAt === null;
    clearInterval(this.#countdown);
    const say = () => { $('#auto-now').textContent = sentence(now); };
    say();
    if (now.nextAt !== null) this.#countdown = setInterval(say, TICK_MS);
  }

  /**
   * New entries are appended, so that a screen reader reads those alone.
   * @param {Attempt[]} attempts
   */
  #showAttempts(attempts) {
    for (const [attempt, item] of this.#items) {
      if (attempts.includes(attempt)) continue;
      item.remove();
      this.#items.delete(attempt);
    }
    for (const attempt of attempts.filter((each) => !this.#items.has(each))) {
      const item = attemptItem(attempt);
      this.#items.set(attempt, item);
      this.#list.append(item);
    }
  }
}

/** @param {Attempt} attempt */
function attemptItem({ slug, outcome, reason, seconds }) {
  const what = outcome === 'works' ? 'works' : `failed after ${seconds.toFixed(1)} s: ${reason}`;
  const item = element('li', {}, marker(slug), element('span', {}, `${identity(slug).name} · ${what}`));
  item.dataset.transport = slug;
  item.dataset.outcome = outcome;
  return item;
}

/** @param {AutoNow} now */
function sentence({ slug, isProven, isBest, nextAt, isClimbing }) {
  const { name } = identity(slug);
  if (!isProven) return `Trying ${name}…`;
  if (isBest) return `Using ${name}, the best one.`;
  if (isClimbing) return `Using ${name}. Trying better ones meanwhile…`;
  const seconds = Math.max(0, Math.ceil(((nextAt ?? 0) - Date.now()) / 1000));
  return `Using ${name}. Trying a better one in ${seconds} s.`;
}
