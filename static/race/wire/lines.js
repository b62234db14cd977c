// Which of the server's lines the race goes over: at first the one in the address, or the one that the page came by;
// then whichever is chosen. A change is made once the other line is there, so that one that can't be reached costs
// nothing.

/** @import { Tabs } from '../../connection/tabs.js' */
/** @import { NetworkPath } from '../../shared/types.js' */
/** @import { Options } from '../options.js' */
/** @import { Wire } from './wire.js' */

import { pathName } from '../../network-paths/network-paths.js';
import { currentPath } from '../../shared/line-origins.js';
import { DirectWire } from './direct-wire.js';
import { FramedWire } from './framed-wire.js';

/** A policy, which has to allow the frame, can't name an IPv6 address. */
const CAN_FRAME = !location.hostname.startsWith('[');

/**
 * The race's `tab=`, whichever line it goes over: that of the line by which its page came. One browser runs one race of
 * an origin (claim.js), but another origin's tabs can't be asked, so each has its own name. The plain one has none, as
 * the lab's clients have none.
 * @param {NetworkPath | undefined} own
 */
export const nameOn = (own) => (!own || own.slug === 'plain' ? null : own.slug.replace('_', ''));

/** Dispatches `change` when another line is in use, or there is something else to say of it. */
export class Lines extends EventTarget {
  #options;
  #tabs;
  /** The line that this page came by; undefined where the server names no such line. */
  own;
  /** The one in use. */
  now;
  /** What there is to say of a change. */
  note = '';
  /** @type {NetworkPath | undefined} */
  #wanted;
  /** @type {(wire: Wire, names: { from: string, to: string }) => void} */
  #use = (wire) => wire.close();

  /**
   * @param {NetworkPath[]} lines
   * @param {Options} options
   * @param {Tabs} tabs of this page's origin
   */
  constructor(lines, options, tabs) {
    super();
    this.#options = options;
    this.#tabs = tabs;
    this.own = currentPath(lines);
    this.now = this.own;
    this.#wanted = lines.find(({ slug }) => slug === options.line) ?? this.own;
  }

  /** Whether the line can be changed without leaving the page. */
  get canChange() { return CAN_FRAME && this.own !== undefined; }

  /**
   * The wire to begin with: that of the page's own line, where the other one in the address can't be reached.
   * @returns {Promise<Wire>}
   */
  async begin() {
    const wanted = this.#wanted;
    if (!wanted || wanted === this.own || !this.canChange) return new DirectWire(this.#tabs);
    this.#say(`Opening ${pathName(wanted)}…`);
    const wire = await this.#reach(wanted);
    if (wire) this.#isOn(wanted);
    else this.#options.setLine(null);
    return wire ?? new DirectWire(this.#tabs);
  }

  /**
   * From now on `use` is called with the wire of each line that is chosen, and the names of the one before and of it.
   * @param {(wire: Wire, names: { from: string, to: string }) => void} use
   */
  follow(use) { this.#use = use; }

  /**
   * The one that was chosen last counts.
   * @param {NetworkPath} line
   */
  async choose(line) {
    this.#wanted = line;
    if (line === this.now) return this.#say('');
    this.#say(`Opening ${pathName(line)}…`);
    const wire = await this.#reach(line);
    if (this.#wanted !== line || this.now === line) return wire?.close();
    if (!wire) return undefined;
    // A session of one of two servers means nothing to another line, and would make its requests longer.
    if (this.#options.bound) this.#options.change({ bound: false });
    this.#use(wire, { from: this.now ? pathName(this.now) : '', to: pathName(line) });
    return this.#isOn(line);
  }

  /**
   * Null where it can't be reached.
   * @param {NetworkPath} line
   * @returns {Promise<Wire | null>}
   */
  async #reach(line) {
    if (line === this.own) return new DirectWire(this.#tabs);
    try {
      return await FramedWire.open(line);
    } catch {
      if (this.#wanted === line) this.#say(`${pathName(line)} can’t be reached.`);
      return null;
    }
  }

  /** @param {NetworkPath} line */
  #isOn(line) {
    this.now = line;
    this.#options.setLine(line === this.own ? null : line.slug);
    this.#say('');
  }

  /** @param {string} note */
  #say(note) {
    this.note = note;
    this.dispatchEvent(new Event('change'));
  }
}
