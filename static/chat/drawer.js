// On a narrow screen the rooms, people and transport are in a drawer over the conversation.

import { $, setAttribute } from '../shared/dom.js';

const NARROW = window.matchMedia('(max-width: 56.1875em)');

/** @param {{ opened: () => void }} options told when it is opened */
export function offerDrawer({ opened }) {
  const drawer = $('#panel');
  const opener = $('#show-panel');
  const behind = [$('#topbar'), $('#conversation'), $('#missing')];

  const set = (/** @type {boolean} */ isOpen) => {
    drawer.toggleAttribute('data-open', isOpen);
    opener.setAttribute('aria-expanded', String(isOpen));
    for (const part of behind) part.inert = isOpen;
    // A dialog only while it is one: on a wide screen its parts are landmarks of their own.
    setAttribute(drawer, 'role', isOpen && 'dialog');
    setAttribute(drawer, 'aria-modal', isOpen && 'true');
    setAttribute(drawer, 'aria-label', isOpen && opener.getAttribute('aria-label'));
  };
  const close = () => {
    if (!drawer.hasAttribute('data-open')) return;
    set(false);
    opener.focus();
  };

  opener.addEventListener('click', () => {
    set(true);
    $('#hide-panel').focus();
    opened();
  });
  $('#hide-panel').addEventListener('click', close);
  $('#shade').addEventListener('click', close);
  drawer.addEventListener('keydown', ({ key }) => key === 'Escape' && close());
  NARROW.addEventListener('change', () => set(false));
}
