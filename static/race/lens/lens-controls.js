// The controls of the lens: freeze, back in time, zoom, slow motion; by buttons, sliders, pointer and keys.

/** @import { Lens } from './lens.js' */

import { $ } from '../../shared/dom.js';
import { logarithmic } from '../../shared/logarithmic.js';
import { saySetting } from '../../shared/setting-slider.js';
import { duration } from '../../shared/units.js';
import { NARROWEST_MS, WIDEST_MS } from './lens.js';

const ZOOM_STEPS = 100;
/** To the right is nearer. */
const ZOOM = logarithmic([NARROWEST_MS, WIDEST_MS], [ZOOM_STEPS, 0]);
const WHEEL_PER_E = 400; // wheel units for a zoom by e
const REFRESH_MS = 400;

/**
 * @param {HTMLElement} root holds the controls
 * @param {HTMLCanvasElement} canvas
 * @param {Lens} lens
 */
export function offerLens(root, canvas, lens) {
  const freeze = $('#freeze', root);
  freeze.addEventListener('click', () => lens.toggle());
  $('#to-now', root).addEventListener('click', () => lens.follow());
  for (const button of slowButtons(root)) {
    button.addEventListener('click', () => lens.slow(Number(button.dataset.slow)));
  }
  const back = slider($('#back', root), (value) => lens.scrub(lens.latest - value));
  const zoom = slider($('#zoom', root), (value) => lens.zoom(ZOOM.from(value)));
  zoom.max = String(ZOOM_STEPS);
  offerPointer(canvas, lens);
  const show = () => showLens(root, lens);
  lens.addEventListener('change', show);
  let isHeld = false;
  back.addEventListener('pointerdown', () => { isHeld = true; });
  for (const end of ['pointerup', 'pointercancel']) window.addEventListener(end, () => { isHeld = false; });
  setInterval(() => isHeld || showBack(back, lens), REFRESH_MS);
  show();
}

/** @type {(root: HTMLElement) => NodeListOf<HTMLElement>} */
const slowButtons = (root) => root.querySelectorAll('[data-slow]');

/**
 * @param {HTMLElement} input
 * @param {(value: number) => void} moved
 */
function slider(input, moved) {
  const made = /** @type {HTMLInputElement} */ (input);
  made.addEventListener('input', () => moved(Number(made.value)));
  return made;
}

/**
 * @param {HTMLElement} root
 * @param {Lens} lens
 */
function showLens(root, lens) {
  $('#freeze', root).textContent = freezeText(lens);
  $('#freeze', root).setAttribute('aria-pressed', String(lens.mode === 'frozen'));
  $('#to-now', root).hidden = !lens.isLive || lens.mode === 'following';
  for (const button of slowButtons(root)) {
    button.setAttribute('aria-pressed', String(lens.factor === Number(button.dataset.slow)));
  }
  const zoom = /** @type {HTMLInputElement} */ ($('#zoom', root));
  zoom.value = String(Math.round(ZOOM.to(lens.span)));
  saySetting(/** @type {HTMLElement} */ (zoom.parentElement), duration(lens.span));
  showBack(/** @type {HTMLInputElement} */ ($('#back', root)), lens);
}

/** @param {Lens} lens */
function freezeText({ mode, isLive }) {
  if (mode === 'frozen') return 'Go on';
  return mode === 'following' && !isLive ? 'Play again' : 'Freeze';
}

/**
 * Its left end is the earliest instant, its right end now.
 * @param {HTMLInputElement} back
 * @param {Lens} lens
 */
function showBack(back, lens) {
  const kept = Math.max(0, lens.latest - Math.max(0, lens.begin));
  // In whole seconds, so that it changes seldom.
  back.max = String(Math.ceil(kept / 1000) * 1000);
  back.value = String(Math.round(lens.behind));
  saySetting(/** @type {HTMLElement} */ (back.parentElement), lens.mode === 'following' ? whereItEnds(lens) : `${duration(lens.behind)} ago`);
}

/** @param {Lens} lens */
const whereItEnds = ({ isLive }) => (isLive ? 'now' : 'the end');

/**
 * Dragging looks back, the wheel zooms where the pointer is, unless it scrolls the page (then with Ctrl).
 * @param {HTMLCanvasElement} canvas
 * @param {Lens} lens
 */
function offerPointer(canvas, lens) {
  /** @type {{ x: number, end: number } | null} */
  let held = null;
  canvas.addEventListener('pointerdown', ({ clientX, pointerId }) => {
    held = { x: clientX, end: lens.end };
    canvas.setPointerCapture(pointerId);
  });
  canvas.addEventListener('pointermove', ({ clientX }) => {
    if (!held || Math.abs(clientX - held.x) < 3) return;
    lens.scrub(held.end - ((clientX - held.x) / canvas.clientWidth) * lens.span);
  });
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => { held = null; });
  canvas.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && document.documentElement.scrollHeight > window.innerHeight) return;
    event.preventDefault();
    lens.zoom(lens.span * Math.exp(event.deltaY / WHEEL_PER_E), event.offsetX / canvas.clientWidth);
  }, { passive: false });
}
