// Small helpers around the DOM.

export const $ = (selector, root = document) => root.querySelector(selector);

/** An element with properties set and children appended (text stays text). */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Sets an attribute, or removes it for undefined, null and false. */
export function setAttribute(target, name, value) {
  if (value === undefined || value === null || value === false) target.removeAttribute(name);
  else target.setAttribute(name, value === true ? '' : value);
}

/** The letter that stands for a person where there is no room for the name. */
export function initial(name) {
  return (Array.from(name.trim())[0] ?? '?').toUpperCase();
}

/** Calls `action` once, `waitMs` after the last of several calls. */
export function debounced(action, waitMs) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), waitMs);
  };
}
