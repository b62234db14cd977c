// A form that speaks to the server: errors beside their fields, one submission at a time.

/** @import { ApiError } from './api.js' */

import { $, fieldOf, setAttribute } from './dom.js';
import { asSentence } from './units.js';

/**
 * Calls `submit(values)` when the form is sent, and shows what the server finds wrong with it.
 * @param {HTMLElement} target a form
 * @param {(values: any) => Promise<unknown>} submit by the fields' names
 */
export function onSubmit(target, submit) {
  const form = /** @type {HTMLFormElement} */ (target);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement} */ ($('[type=submit]', form));
    if (button.disabled) return;
    showErrors(form, {});
    button.disabled = true;
    try {
      await submit(Object.fromEntries(new FormData(form)));
    } catch (error) {
      showErrors(form, describe(/** @type {ApiError} */ (error), form));
      focusFirstError(form);
    } finally {
      button.disabled = false;
    }
  });
  form.addEventListener('input', (event) => {
    showError(form, /** @type {HTMLInputElement} */ (event.target).name, '');
  });
}

/**
 * Shows `errors` ({ field: reason }, "form" for the whole), and clears all others.
 * @param {HTMLElement} form
 * @param {Record<string, string>} errors
 */
export function showErrors(form, errors) {
  for (const name of namesIn(form)) showError(form, name, errors[name] ?? '');
}

/**
 * The fields that have a place for an error.
 * @param {HTMLElement} form
 */
function namesIn(form) {
  const places = /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('[data-error-for]'));
  return Array.from(places, (place) => place.dataset.errorFor ?? '');
}

/**
 * @param {HTMLElement} form
 * @param {string} name
 * @param {string} reason
 */
function showError(form, name, reason) {
  const place = $(`[data-error-for="${CSS.escape(name)}"]`, form);
  if (!place) return;
  place.textContent = reason;
  place.hidden = !reason;
  const field = fieldOf(form, name);
  if (field) setAttribute(field, 'aria-invalid', reason ? 'true' : null);
}

/**
 * Field errors where the form has such fields; whatever else went wrong, over the whole form.
 * @param {ApiError} error
 * @param {HTMLFormElement} form
 * @returns {Record<string, string>}
 */
function describe(error, form) {
  const names = namesIn(form);
  const shown = Object.entries(error.errors ?? {}).filter(([field]) => names.includes(field));
  if (shown.length) return Object.fromEntries(shown);
  const later = error.retryAfter ? ` Try again in ${seconds(error.retryAfter)}.` : '';
  return { form: asSentence(error.message) + later };
}

const seconds = (/** @type {number} */ count) => (count === 1 ? '1 second' : `${count} seconds`);

/** @param {HTMLFormElement} form */
function focusFirstError(form) {
  const wrong = $('[aria-invalid]', form);
  (wrong ?? $('input', form))?.focus();
}
