// What the history chart shows: the last minutes of latencies, of bytes a second, and of changes.

const KEPT_MS = 180_000;
/** A message every 100 ms for as long. */
const MOST = 1800;

/** Times are Date.now(). */
export class Past {
  latencies = []; // { at, ms, transport }
  rates = []; // { at, perSecond }
  changes = []; // { at, transport }
  #last = null; // { at, bytes } at the latest count

  arrived(ms, transport) { this.#add(this.latencies, { ms, transport }); }

  /** `transport` is in use, from now on or still. */
  uses(transport) {
    if (this.changes.at(-1)?.transport === transport) return;
    this.#last = null; // counted afresh from here on
    this.#add(this.changes, { transport });
  }

  /** `counted` as Counters.of answers, or null. */
  counted(counted) {
    if (!counted) return;
    const now = { at: Date.now(), bytes: counted.bytes_up + counted.bytes_down };
    const last = this.#last;
    this.#last = now;
    const seconds = last ? (now.at - last.at) / 1000 : 0;
    // Twice in an instant says nothing; after a pause it would be a mean over all of it.
    if (seconds < 0.5 || seconds > 5 || now.bytes < last.bytes) return;
    this.#add(this.rates, { perSecond: (now.bytes - last.bytes) / seconds });
  }

  /** The span to show, in ms since 1970: as long as there is something, 3 minutes at most. */
  get span() {
    const now = Date.now();
    const first = Math.min(now - 30_000, ...[this.latencies, this.rates, this.changes].map((list) => list[0]?.at ?? now));
    return [Math.max(first, now - KEPT_MS), now];
  }

  #add(list, entry) {
    const at = Date.now();
    list.push({ at, ...entry });
    // The latest change before the span still says what is in use.
    const isOld = (index) => list[index] && list[index].at < at - KEPT_MS;
    while (list.length > MOST || (list === this.changes ? isOld(1) : isOld(0))) list.shift();
  }
}
