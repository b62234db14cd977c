// Notices of who came and who left, from one presence document to the next: one for a person with
// many tabs, none for somebody who is back in a moment (a reload, another transport).

/** @import { Account, Presence } from '../shared/types.js' */

const BACK_SOON_MS = 3000;
/** After this page was away, or the server was, the others need time to come back too. */
const SETTLING_MS = 12_000;
/** A whole class coming at once is one line. */
const MOST_AT_ONCE = 5;

/** @typedef {(kind: 'join' | 'leave', text: string, username?: string) => void} Tell */

export class PresenceNotices {
  #me;
  #tell;
  /** @type {Map<string, string> | null} */
  #present = null; // username -> display name; null before the first document
  /** @type {Map<string, number>} */
  #leaving = new Map(); // username -> timer
  #settledAt = 0;

  /**
   * @param {Account} me
   * @param {Tell} tell
   */
  constructor(me, tell) {
    this.#me = me.username;
    this.#tell = tell;
  }

  /** The connection was lost: what is missing from the next documents may be an error of ours. */
  unsettle() {
    this.#settledAt = Date.now() + SETTLING_MS;
    for (const username of this.#leaving.keys()) this.#stays(username);
  }

  /**
   * A document that names only some of those present says nothing about the others.
   * @param {Presence} presence
   */
  see({ here, count }) {
    const now = new Map(here.map(({ username, display_name: name }) => [username, name]));
    now.delete(this.#me);
    const isPartial = count > here.length;
    if (this.#present && !isPartial) this.#compare(this.#present, now);
    else for (const username of this.#leaving.keys()) this.#stays(username);
    if (!this.#present || isPartial) this.#present = now;
  }

  /**
   * @param {Map<string, string>} present
   * @param {Map<string, string>} now
   */
  #compare(present, now) {
    const came = [...now.keys()].filter((username) => !present.has(username));
    for (const username of now.keys()) this.#stays(username);
    for (const [username, name] of now) present.set(username, name);
    for (const username of present.keys()) if (!now.has(username)) this.#leaves(username);
    if (came.length > MOST_AT_ONCE) this.#tell('join', `${came.length} people joined`);
    else for (const username of came) this.#tell('join', `${now.get(username)} joined`, username);
  }

  /** @param {string} username */
  #stays(username) {
    clearTimeout(this.#leaving.get(username));
    this.#leaving.delete(username);
  }

  /** @param {string} username */
  #leaves(username) {
    if (this.#leaving.has(username)) return;
    const wait = Math.max(BACK_SOON_MS, this.#settledAt - Date.now());
    this.#leaving.set(username, setTimeout(() => {
      this.#leaving.delete(username);
      this.#tell('leave', `${this.#present?.get(username)} left`, username);
      this.#present?.delete(username);
    }, wait));
  }
}
