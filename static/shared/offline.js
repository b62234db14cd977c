// Going offline, for this tab only: what the browser does when its network goes, and to be tried
// without pulling a plug. Whoever listens to the window's `offline` and `online` hears it too.

let isPretending = false;

/** Not `navigator.onLine`: a server on this machine is within reach without any network. */
export const isOffline = () => isPretending;

/**
 * Cuts this tab off, or lets it back.
 * @param {boolean} isCut
 */
export function pretendOffline(isCut) {
  isPretending = isCut;
  window.dispatchEvent(new Event(isCut ? 'offline' : 'online'));
}
