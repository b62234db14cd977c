// Below the choice "Auto": what is in use, when a better one is tried, and what has been tried.

import { $, element } from '../shared/dom.js';
import { identity } from '../shared/identities.js';
import { marker } from '../shared/markers.js';
import { AUTO } from './settings.js';

const SHOWN = 5;
const TICK_MS = 250;

export class AutoPanel {
  #root = $('#auto');
  #list = $('#auto-attempts');
  #items = new Map(); // attempt -> its element
  #countdown;

  /** `tryNow()` has the better ones tried at once. */
  constructor(settings, tryNow) {
    const show = () => { this.#root.hidden = settings.transport !== AUTO; };
    settings.addEventListener('change', show);
    $('#auto-try').addEventListener('click', tryNow);
    show();
  }

  /** As auto.js tells it. */
  show(attempts, now) {
    this.#showAttempts(attempts.slice(-SHOWN));
    $('#auto-try').hidden = now.nextAt === null;
    clearInterval(this.#countdown);
    const say = () => { $('#auto-now').textContent = sentence(now); };
    say();
    if (now.nextAt !== null) this.#countdown = setInterval(say, TICK_MS);
  }

  /** What is new is added, so that a screen reader is told that alone. */
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

function attemptItem({ slug, outcome, reason, seconds }) {
  const what = outcome === 'works' ? 'works' : `failed after ${seconds.toFixed(1)} s: ${reason}`;
  const item = element('li', {}, marker(slug), element('span', {}, `${identity(slug).name} · ${what}`));
  item.dataset.transport = slug;
  item.dataset.outcome = outcome;
  return item;
}

function sentence({ slug, isProven, isBest, nextAt, isClimbing }) {
  const { name } = identity(slug);
  if (!isProven) return `Trying ${name}…`;
  if (isBest) return `Using ${name}, the best there is.`;
  if (isClimbing) return `Using ${name}. Better ones are being tried beside it…`;
  const seconds = Math.max(0, Math.ceil((nextAt - Date.now()) / 1000));
  return `Using ${name}. A better one is tried in ${seconds} s.`;
}
