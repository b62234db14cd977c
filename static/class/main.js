// The page of a phone that takes part: finds the account and the room, asks for a transport, takes part.

/** @import { Room } from '../shared/types.js' */

import { $ } from '../shared/dom.js';
import { persist } from '../shared/persist.js';
import { RACE_ROOM } from '../shared/rooms.js';
import { accountOfTab } from '../shared/session.js';
import { askStart } from '../shared/start.js';
import { offerChoice } from './choice.js';
import { offerEntry } from './entry.js';
import { takePart } from './part.js';

/** Kept for this tab: the way to sign in and back names no room. */
const ROOM = 'pushlab.class.room';
/** What was chosen, or drawn, survives a reload. */
const TRANSPORT = 'pushlab.class.transport';

const room = new URLSearchParams(location.search).get('room') ?? sessionStorage.getItem(ROOM) ?? RACE_ROOM;

/** Errors on the way are shown; a client error is final. */
function begin() {
  const say = (/** @type {Error} */ { message }) => {
    $('#boot').hidden = false;
    $('#boot').textContent = message;
  };
  persist(arrive, say).catch(() => {});
}

async function arrive() {
  const as = accountOfTab() ?? undefined;
  const { account, rooms, server } = await askStart({ as });
  if (!account) {
    $('#boot').hidden = true;
    return offerEntry(server, begin);
  }
  const found = rooms.find(({ name }) => name === room);
  // Whoever opens the race makes the room: until then this tries again.
  if (!found) throw new Error(`There is no room ${room} yet. This page waits for it.`);
  $('#boot').hidden = true;
  return choose(found, as);
}

/**
 * @param {Room} found
 * @param {string | undefined} as
 */
function choose(found, as) {
  const start = (/** @type {string | undefined} */ transport) => takePart({
    room: found, as, transport, changed: (slug) => sessionStorage.setItem(TRANSPORT, slug),
  });
  const kept = sessionStorage.getItem(TRANSPORT);
  if (kept) return start(kept);
  return offerChoice(start);
}

$('#room').textContent = room;
sessionStorage.setItem(ROOM, room);
$('#change').addEventListener('click', () => {
  sessionStorage.removeItem(TRANSPORT);
  location.reload();
});
window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
begin();
