// The class in the race: a code with which phones come into its room, a dot for each phone, and figures.

/** @import { Guessed, ClassView } from './watch.js' */

import { $, element } from '../../shared/dom.js';
import { NOTHING_KNOWN, serverInfo } from '../../shared/server-info.js';
import { asSentence, plural } from '../../shared/units.js';
import { placeOf } from './address.js';
import { invitation } from './invitation.js';
import { PhonesTable } from './phones-table.js';
import { Watch } from './watch.js';

/**
 * `root` is an empty section, hidden; `button` opens and closes it. `guesses` is called with all guesses of the phones,
 * whenever one has changed.
 * @typedef {object} Start
 * @property {string} room
 * @property {HTMLElement} root
 * @property {HTMLElement} button
 * @property {{ guesses?: (all: Guessed[]) => void }} [on]
 */

/**
 * Offers it. Returns a function that ends it.
 * @param {Start} start
 */
export function startClass({ room, root, button, on = {} }) {
  const table = new PhonesTable();
  const summary = element('p', { className: 'class-summary' });
  const problem = element('p', { className: 'error' });
  problem.setAttribute('role', 'status');
  const watch = new Watch(room, {
    view: (view) => {
      table.show(view);
      summary.textContent = summarise(view);
    },
    guesses: (all) => on.guesses?.(all),
    trouble: (error) => { problem.textContent = error ? asSentence(error.message) : ''; },
  });
  const isOpen = () => !root.hidden;
  const open = async () => {
    root.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    $('h2', root).focus();
    watch.start();
    const place = placeOf(room, location, await serverInfo().catch(() => NOTHING_KNOWN));
    $('.class-invitation', root).replaceChildren(...invitation(place));
  };
  const close = () => {
    if (root.contains(document.activeElement)) button.focus();
    root.hidden = true;
    button.setAttribute('aria-expanded', 'false');
    watch.stop();
  };
  build(root, { parts: [summary, problem, table.root], close, anew: () => watch.anew() });
  button.hidden = false;
  button.onclick = () => (isOpen() ? close() : open());
  root.onkeydown = ({ key }) => { if (key === 'Escape') close(); };
  return () => {
    close();
    button.hidden = true;
  };
}

/**
 * @param {HTMLElement} root
 * @param {{ parts: HTMLElement[], close: () => void, anew: () => void }} content
 */
function build(root, { parts, close, anew }) {
  const shut = element('button', { type: 'button', className: 'quiet class-close', ariaLabel: 'Close the class' }, 'Close');
  shut.addEventListener('click', close);
  const again = element('button', { type: 'button', className: 'class-anew' }, 'Count anew');
  again.addEventListener('click', anew);
  const heading = element('h2', { id: 'class-heading', tabIndex: -1 }, 'The class');
  root.replaceChildren(
    element('header', {}, heading, shut),
    element('div', { className: 'class-invitation' }),
    ...parts, again,
    element('p', { className: 'help' }, 'A dot is a phone, filled once the newest message has reached it; phones say so within a second. p50 and p95 are of the delay from the server’s stamp to the receipt, by the server’s clock as each phone estimates it: right to half of a round trip. The sender’s way to the server is not in it. They are over the last 32 messages of each phone since they were counted anew.'),
  );
}

/** @param {ClassView} view */
function summarise({ phones, transports, head }) {
  if (!phones.length) return 'Nobody takes part yet.';
  const reached = transports.reduce((sum, each) => sum + each.reached, 0);
  const guessing = phones.filter(({ guesses }) => guesses.length).length;
  const deliveries = transports.reduce((sum, each) => sum + each.deliveries, 0);
  const guessed = guessing ? ` ${plural(guessing, 'phone has guessed', 'phones have guessed')}.` : '';
  return `Message ${head} has reached ${reached} of ${plural(phones.length, 'phone')}; ${plural(deliveries, 'delivery', 'deliveries')} counted.${guessed}`;
}
