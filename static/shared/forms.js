// A form that speaks to the server: errors beside their fields, one submission at a time.

import { $, setAttribute } from './dom.js';

/** Calls `submit(values)` when the form is sent, and shows what the server finds wrong with it. */
export function onSubmit(form, submit) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = $('[type=submit]', form);
    if (button.disabled) return;
    showErrors(form, {});
    button.disabled = true;
    try {
      await submit(Object.fromEntries(new FormData(form)));
    } catch (error) {
      showErrors(form, describe(error, form));
      focusFirstError(form);
    } finally {
      button.disabled = false;
    }
  });
  form.addEventListener('input', ({ target }) => showError(form, target.name, ''));
}

/** Shows `errors` ({ field: reason }, "form" for the whole), and clears all others. */
export function showErrors(form, errors) {
  for (const place of form.querySelectorAll('[data-error-for]')) {
    showError(form, place.dataset.errorFor, errors[place.dataset.errorFor] ?? '');
  }
}

function showError(form, name, reason) {
  const place = $(`[data-error-for="${CSS.escape(name)}"]`, form);
  if (!place) return;
  place.textContent = reason;
  place.hidden = !reason;
  const field = form.elements[name];
  if (field) setAttribute(field, 'aria-invalid', reason ? 'true' : null);
}

/** Field errors where the form has such fields; whatever else went wrong, over the whole form. */
function describe(error, form) {
  const places = [...form.querySelectorAll('[data-error-for]')].map((place) => place.dataset.errorFor);
  const shown = Object.entries(error.errors ?? {}).filter(([field]) => places.includes(field));
  if (shown.length) return Object.fromEntries(shown);
  const later = error.retryAfter ? ` Try again in ${seconds(error.retryAfter)}.` : '';
  return { form: sentence(error.message) + later };
}

const seconds = (count) => (count === 1 ? '1 second' : `${count} seconds`);
const sentence = (text) => (/[.!?…]$/.test(text) ? text : `${text}.`);

function focusFirstError(form) {
  const wrong = $('[aria-invalid]', form);
  (wrong ?? $('input', form))?.focus();
}
