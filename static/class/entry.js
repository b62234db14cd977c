// Before a phone takes part, where nobody is signed in: as a guest, or sign in.

/** @import { ServerInfo } from '../shared/types.js' */

import { $ } from '../shared/dom.js';
import { onSubmit } from '../shared/forms.js';
import { becomeInAddress, enterAsGuest } from '../shared/session.js';

/**
 * Shows the entry; `enter` is called once somebody is signed in.
 * @param {ServerInfo} server
 * @param {() => void} enter
 */
export function offerEntry({ guests }, enter) {
  $('#entry').hidden = false;
  $('#guest').hidden = !guests;
  onSubmit($('#guest'), async () => {
    const { username } = await enterAsGuest();
    becomeInAddress(username);
    $('#entry').hidden = true;
    enter();
  });
}
