// What the address says behind its `#`: room, interval, wait, rate, pace. Behind the `#` and not
// the `?`, because a request's Referer carries the query, and what the race asks has to be byte for
// byte what the lab's clients ask.

/** Lowest, highest, and what it is unless said. Seconds, and messages a second. */
export const LIMITS = { interval: [0.2, 30, 2], wait: [1, 60, 25], rate: [0.2, 20, 1] };
export const PACES = ['poisson', 'steady'];

/** Dispatches `change` with the names of what has changed. */
export class Options extends EventTarget {
  #values = read();
  /** Whether polls are bound to a session (faults.js): a fault to try, which no address keeps. */
  bound = false;

  get room() { return this.#values.room; }
  get interval() { return this.#values.interval; }
  get wait() { return this.#values.wait; }
  get rate() { return this.#values.rate; }
  get pace() { return this.#values.pace; }

  constructor() {
    super();
    // Somebody has written into the address: begin anew with what it says.
    window.addEventListener('hashchange', () => location.reload());
  }

  change({ bound = this.bound, ...values }) {
    const names = [...Object.keys(values), ...(bound === this.bound ? [] : ['bound'])];
    this.bound = bound;
    Object.assign(this.#values, values);
    history.replaceState(history.state, '', `#${new URLSearchParams(this.#values)}`);
    this.dispatchEvent(new CustomEvent('change', { detail: names }));
  }
}

function read() {
  const said = new URLSearchParams(location.hash.slice(1));
  const numbers = Object.entries(LIMITS).map(([name, limits]) => [name, within(said.get(name), limits)]);
  const pace = PACES.includes(said.get('pace')) ? said.get('pace') : PACES[0];
  return { room: said.get('room') || 'race', ...Object.fromEntries(numbers), pace };
}

function within(text, [lowest, highest, usual]) {
  const number = Number.parseFloat(text);
  return Number.isNaN(number) ? usual : Math.min(highest, Math.max(lowest, number));
}
