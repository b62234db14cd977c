// Small helpers around the DOM.

/**
 * The element with this selector, which must exist.
 * @param {string} selector
 * @param {ParentNode} [root]
 */
export const $ = (selector, root = document) => /** @type {HTMLElement} */ (root.querySelector(selector));

/**
 * A form's field of this name, or its group of radio buttons, which has a value too.
 * @param {HTMLElement} form
 * @param {string} name
 */
export function fieldOf(form, name) {
  return /** @type {HTMLInputElement} */ (/** @type {HTMLFormElement} */ (form).elements.namedItem(name));
}

/**
 * An element with properties set and children appended (text stays text).
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/**
 * Writes a text, where it is another one: else the page would be laid out for nothing.
 * @param {Element} place
 * @param {string} text
 */
export function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/**
 * Sets an attribute, or removes it for undefined, null and false.
 * @param {Element} target
 * @param {string} name
 * @param {string | boolean | null | undefined} value
 */
export function setAttribute(target, name, value) {
  if (value === undefined || value === null || value === false) target.removeAttribute(name);
  else target.setAttribute(name, value === true ? '' : value);
}

/**
 * Calls `action` once, `waitMs` after the last of several calls.
 * @template {unknown[]} Values
 * @param {(...values: Values) => void} action
 * @param {number} waitMs
 * @returns {(...values: Values) => void}
 */
export function debounced(action, waitMs) {
  /** @type {number | undefined} */
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), waitMs);
  };
}
