// Which transport a connection opens, and what follows from a failure: `later` (wait and try the
// same again), or `now` (another one). auto.js is the other kind of choice.

/** The one transport that somebody chose. */
export class FixedChoice {
  constructor(slug) { this.slug = slug; }

  failed() { return 'later'; }

  worked() {}

  left() {}
}
