// Going offline, for this tab only, as if the network were unplugged. The window gets the events
// `offline` and `online`, as it does for a real one.

let isPretending = false;

/** Not `navigator.onLine`: a server on this machine is within reach without any network. */
export const isOffline = () => isPretending;

/**
 * Takes this tab offline, or back online.
 * @param {boolean} isCut
 */
export function pretendOffline(isCut) {
  isPretending = isCut;
  window.dispatchEvent(new Event(isCut ? 'offline' : 'online'));
}
