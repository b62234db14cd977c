// The form for a new room.

import { $, fieldOf } from '../shared/dom.js';
import { onSubmit } from '../shared/forms.js';
import { createRoom } from '../shared/rooms.js';
import { roomAddress } from '../shared/session.js';

/**
 * The form opens the room that it makes.
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

/** @param {string} title */
function nameFor(title) {
  const plain = title.toLowerCase().replace(/ß/g, 'ss').normalize('NFKD').replace(/\p{M}/gu, '');
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
}
