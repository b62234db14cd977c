// What stands below the lanes: one view of several, chosen by tabs (the ARIA pattern of tabs, with the arrow keys).

import { $ } from '../shared/dom.js';

/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

/**
 * @param {HTMLElement} root holds the tabs
 */
export function offerViews(root) {
  const tabs = [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[role=tab]'))];
  const choose = (/** @type {HTMLElement} */ chosen) => {
    for (const tab of tabs) {
      tab.setAttribute('aria-selected', String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      viewOf(tab).hidden = tab !== chosen;
    }
  };
  root.addEventListener('click', ({ target }) => {
    const tab = tabs.find((each) => each.contains(/** @type {Node} */ (target)));
    if (tab) choose(tab);
  });
  root.addEventListener('keydown', ({ key }) => {
    const at = tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (!STEPS[key] || at < 0) return;
    const next = tabs[(at + STEPS[key] + tabs.length) % tabs.length];
    choose(next);
    next.focus();
  });
  choose(tabs[0]);
}

/** @param {HTMLElement} tab */
const viewOf = (tab) => $(`#${tab.getAttribute('aria-controls')}`);
