/** This page load, for the server's figures and records: two tabs of one browser are two readers. */
export const TAB = Math.random().toString(36).slice(2, 6).padEnd(4, '0');
