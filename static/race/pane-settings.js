// What one pane's connection goes by: its transport for good, the rest as the page's options say.

/** Which options concern which transport: the others do not have to begin anew for them. */
const CONCERNS = { short_poll: ['interval', 'bound'], long_poll: ['wait', 'bound'] };

/** Dispatches `change`, as connection.js wants it. */
export class PaneSettings extends EventTarget {
  #options;

  constructor(transport, options) {
    super();
    this.transport = transport;
    this.#options = options;
    const concerns = CONCERNS[transport] ?? [];
    options.addEventListener('change', ({ detail }) => {
      if (detail.some((name) => concerns.includes(name))) this.dispatchEvent(new Event('change'));
    });
  }

  get interval() { return this.#options.interval; }
  get wait() { return this.#options.wait; }
  get bound() { return this.#options.bound; }
}
