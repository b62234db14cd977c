// A phone that takes part: it reads the room over one transport, lights when a message comes, and tells the server.

/** @import { Arrived, ConnectionListeners, Ending, Message, Room } from '../shared/types.js' */

import { Connection } from '../connection/connection.js';
import { whyNot } from '../connection/diagnosis.js';
import { Tabs } from '../connection/tabs.js';
import { $ } from '../shared/dom.js';
import { persist } from '../shared/persist.js';
import { transportOf, transportSettings } from '../transports/index.js';
import { Guessing } from './guess.js';
import { Light } from './light.js';
import { Reporter } from './reporter.js';
import { ServerClock } from './server-clock.js';

/**
 * The room with its head, this tab's account, the transport, or none to have one drawn; `changed` is called with it.
 * @typedef {object} Start
 * @property {Room} room
 * @property {string} [as]
 * @property {string} [transport]
 * @property {(slug: string) => void} changed
 */

/** @param {Start} start */
export async function takePart({ room, as, transport, changed }) {
  const clock = new ServerClock();
  const light = new Light();
  /** @type {{ message: Message, at: number }[]} */
  let unmeasured = []; // while the clock is not known
  const measure = () => {
    const measurable = clock.isKnown ? unmeasured : [];
    for (const { message, at } of measurable) {
      const delay = clock.since(message.sent_at, at);
      light.arrived(message, delay);
      reporter.delivered({ seq: message.seq, delay_ms: delay });
    }
    unmeasured = unmeasured.slice(measurable.length);
  };
  const reporter = new Reporter({
    path: `/api/rooms/${room.name}/class`, as,
    heard: ({ now }, sent, came) => {
      clock.learn(sent, came, now);
      light.knows(clock);
      measure();
    },
    trouble: (error) => light.trouble(error),
  });
  $('#part').hidden = false;
  const slug = await persist(() => reporter.begin(transport), (error) => light.trouble(/** @type {any} */ (error)));
  light.trouble(null);
  changed(slug);
  light.is(slug);
  new Guessing(slug, (guesses) => reporter.guess(guesses));
  const arrived = (/** @type {Message} */ message, /** @type {Arrived} */ { at }) => {
    unmeasured.push({ message, at });
    measure();
  };
  read({ room, as, slug }, arrived, { light, reporter });
  wake(clock, reporter);
}

/**
 * Opens the transport from the room's head on.
 * @param {{ room: Room, as?: string, slug: string }} what
 * @param {ConnectionListeners['message']} arrived
 * @param {{ light: Light, reporter: Reporter }} parts
 */
function read({ room, as, slug }, arrived, { light, reporter }) {
  const ignore = () => {};
  const ended = (/** @type {Ending} */ _why) => {
    reporter.stop();
    location.reload();
  };
  const settings = Object.assign(new EventTarget(), {
    transport: transportOf(slug).slug, bound: false,
    values: Object.fromEntries(transportSettings.map(({ name, usual }) => [name, usual])),
  });
  const connection = new Connection({
    reader: { room: room.name, query: as ? { as } : {}, presence: false },
    after: room.head, settings, tabs: new Tabs(), diagnose: (after) => whyNot(room, after, as),
    on: {
      message: arrived, ended, state: (now) => light.state(now),
      presence: ignore, ack: ignore, refused: ignore, trace: ignore, attempts: ignore,
    },
  });
  connection.reopen();
}

/**
 * Whoever was away says at once that they are back, and learns the server's clock anew.
 * @param {ServerClock} clock
 * @param {Reporter} reporter
 */
function wake(clock, reporter) {
  const back = () => {
    if (document.hidden) return;
    clock.forget();
    reporter.now();
  };
  document.addEventListener('visibilitychange', back);
  window.addEventListener('online', back);
}
