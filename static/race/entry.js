// Before the race, where nobody is signed in: look as a guest, or sign in.

import { $ } from '../shared/dom.js';
import { onSubmit } from '../shared/forms.js';
import { NOTHING_KNOWN, serverInfo } from '../shared/server-info.js';
import { enterAsGuest } from '../shared/session.js';

/**
 * Shows the entry; `enter` is called once somebody is signed in.
 * @param {() => void} enter
 */
export async function offerEntry(enter) {
  const { guests } = await serverInfo().catch(() => NOTHING_KNOWN);
  $('#entry').hidden = false;
  $('#guest').hidden = !guests;
  onSubmit($('#guest'), async () => {
    await enterAsGuest();
    $('#entry').hidden = true;
    enter();
  });
}
