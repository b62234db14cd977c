// What stands behind the `#` of the page's address beside the settings: a step of the guided opening, the stage.

const parts = () => location.hash.slice(1).split('&').filter(Boolean);

/** @type {(part: string, name: string) => boolean} */
const isNamed = (part, name) => part === name || part.startsWith(`${name}=`);

/** @param {string} name */
export const addressHas = (name) => parts().some((part) => isNamed(part, name));

/**
 * The address's part behind `#`, with `name` said so, or without it for null; all else as it is.
 * @param {string} name
 * @param {string | null} said such as `step=3`
 */
export function fragmentWith(name, said) {
  return [...parts().filter((part) => !isNamed(part, name)), ...(said === null ? [] : [said])].join('&');
}

/**
 * Without a step in the history.
 * @param {string} fragment
 */
export function sayInAddress(fragment) {
  history.replaceState(history.state, '', fragment ? `#${fragment}` : location.pathname + location.search);
}
