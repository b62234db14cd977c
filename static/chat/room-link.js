// A link to this room that can be sent to a friend.

import { $, element } from '../shared/dom.js';
import { roomAddress } from '../shared/session.js';

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
