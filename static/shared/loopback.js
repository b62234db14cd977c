// Names and addresses that a machine gives to itself.

/** @param {string} host as `location.hostname` has it */
export const isLoopback = (host) => /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/i.test(host);
