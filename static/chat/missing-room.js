// The page for a room that does not exist.

import { $ } from '../shared/dom.js';
import { onSubmit } from '../shared/forms.js';
import { createRoom } from '../shared/rooms.js';
import { roomAddress } from '../shared/session.js';

const ROOM_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/**
 * Create it, or go to the lobby or the front page.
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
