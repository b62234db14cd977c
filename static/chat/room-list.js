// The rooms: a list, a form for a new one, and a link that can be sent to a friend.

/** @import { Room } from '../shared/types.js' */

import { $, element, fieldOf } from '../shared/dom.js';
import { onSubmit } from '../shared/forms.js';
import { createRoom } from '../shared/rooms.js';
import { roomAddress } from '../shared/session.js';

const ROOM_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/**
 * Shows the list; `current` is the name of this page's room.
 * @param {Room[]} rooms
 * @param {string} current
 * @param {string} as
 */
export function showRooms(rooms, current, as) {
  $('#rooms').replaceChildren(...rooms.map((room) => {
    const link = element('a', { href: roomAddress(room.name, as) },
      element('span', { className: 'room-title' }, room.title),
      element('span', { className: 'handle' }, room.name));
    link.dataset.room = room.name;
    if (room.name === current) link.setAttribute('aria-current', 'page');
    return element('li', {}, link);
  }));
}

/**
 * The form for a new room; it opens the room.
 * @param {string} as
 */
export function offerNewRoom(as) {
  const form = $('#create-room');
  const [name, title] = ['name', 'title'].map((field) => fieldOf(form, field));
  let isNamed = false;
  name.addEventListener('input', () => { isNamed = name.value !== ''; });
  title.addEventListener('input', () => { if (!isNamed) name.value = nameFor(title.value); });
  onSubmit(form, async (fields) => {
    const room = { name: fields.name, ...(fields.title && { title: fields.title }) };
    await createRoom(room, as);
    location.assign(roomAddress(room.name, as));
  });
}

/**
 * The page for a room that does not exist: create it, or go to the lobby.
 * @param {string} room
 * @param {string} as
 */
export function showMissing(room, as) {
  const canExist = ROOM_NAME.test(room);
  $('#missing').hidden = false;
  for (const part of ['#conversation', '#status', '#side-part']) $(part).hidden = true;
  $('#missing-title').textContent = `There is no room “${room}” yet`;
  $('#missing-text').textContent = canExist
    ? 'The link may be mistyped, or you are the first to come here.'
    : 'A room’s name has 1 to 40 of a–z, 0–9 and -, so it can’t be created either.';
  $('#missing-lobby').setAttribute('href', roomAddress('lobby', as));
  const form = $('#create-missing');
  form.hidden = !canExist;
  onSubmit(form, async () => {
    await createRoom({ name: room }, as);
    location.reload();
  });
}

/**
 * The button that copies this room's address, without the account of this tab.
 * @param {string} room
 */
export function offerLink(room) {
  const button = $('#copy-link');
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const isCopied = await copy(new URL(roomAddress(room), location.href).href);
    button.textContent = isCopied ? 'Copied' : 'Copy from the address bar';
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text); // no clipboard on plain http away from localhost
  }
}

/** @param {string} text */
function copyTheOldWay(text) {
  const box = element('textarea', { value: text, className: 'visually-hidden' });
  document.body.append(box);
  box.select();
  const isCopied = document.execCommand('copy');
  box.remove();
  $('#copy-link').focus();
  return isCopied;
}

/** @param {string} title */
function nameFor(title) {
  const plain = title.toLowerCase().replace(/ß/g, 'ss').normalize('NFKD').replace(/\p{M}/gu, '');
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
}
