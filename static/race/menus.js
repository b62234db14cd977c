// Sheets that a summary opens close as menus do: with Escape, and by what is pressed elsewhere.

import { $ } from '../shared/dom.js';

/** @param {HTMLDetailsElement} sheet */
export function closesAsMenu(sheet) {
  window.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !sheet.open) return;
    if (sheet.contains(document.activeElement)) $('summary', sheet).focus();
    sheet.open = false;
  });
  window.addEventListener('pointerdown', ({ target }) => {
    if (!sheet.contains(/** @type {Node | null} */ (target))) sheet.open = false;
  });
}
