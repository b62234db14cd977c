// On the stage: the lanes large, three figures a transport, keys for what a lecturer does. `#stage` in the address, the
// key P or a button lead there and back; keys count only there, and not while somebody writes.

import { addressHas, fragmentWith, sayInAddress } from './address.js';

/** @type {(target: EventTarget | null) => boolean} */
const isWriting = (target) => target instanceof HTMLElement && target.matches('input:not([type=range], [type=radio], [type=checkbox], [type=file]), textarea, select');

const NAME = 'stage';

/**
 * By key: what it does, said and done.
 * @typedef {Record<string, { name: string, act: () => void }>} Keys
 */

/**
 * @param {HTMLElement} button
 * @param {HTMLElement} list where the keys are said
 * @param {Keys} keys
 */
export function offerStage(button, list, keys) {
  const show = () => {
    button.textContent = isOn() ? 'Leave the stage' : 'Stage';
    button.setAttribute('aria-pressed', String(isOn()));
  };
  const toggle = () => {
    document.body.toggleAttribute('data-stage');
    sayInAddress(fragmentWith(NAME, isOn() ? NAME : null));
    show();
  };
  button.addEventListener('click', toggle);
  window.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isWriting(event.target)) return;
    if (document.querySelector('dialog[open]')) return; // it is in front of all this
    const key = event.key.toLowerCase();
    if (key === 'p') toggle();
    else if (isOn() && keys[key]) keys[key].act();
    else return;
    event.preventDefault();
  });
  const said = Object.entries(keys).map(([key, { name }]) => `${key.toUpperCase()} ${name}`);
  list.textContent = [...said, 'P leave the stage'].join(' · ');
  document.body.toggleAttribute('data-stage', addressHas(NAME));
  show();
}

const isOn = () => document.body.hasAttribute('data-stage');
