// What this tab chose: transport, poll interval, longest wait, whether polls are bound to a session
// (transports/polling.js). Kept in the tab, so that a reload keeps it and another tab may choose
// differently.

/** Instead of a transport: whichever works best (auto.js). */
export const AUTO = 'auto';

const STORED_AS = 'pushlab.settings';
const DEFAULTS = { transport: 'websocket', interval: 2, wait: 25, bound: false };

export class Settings extends EventTarget {
  #values;

  constructor(slugs) {
    super();
    const stored = JSON.parse(sessionStorage.getItem(STORED_AS) ?? '{}');
    this.#values = { ...DEFAULTS, ...stored };
    if (![...slugs, AUTO].includes(this.#values.transport)) this.#values.transport = slugs.at(-1);
  }

  get transport() { return this.#values.transport; }
  get interval() { return this.#values.interval; }
  get wait() { return this.#values.wait; }
  get bound() { return this.#values.bound; }

  /** Changes some values; whoever listens to `change` learns which. */
  change(values) {
    Object.assign(this.#values, values);
    sessionStorage.setItem(STORED_AS, JSON.stringify(this.#values));
    this.dispatchEvent(new CustomEvent('change', { detail: values }));
  }
}
