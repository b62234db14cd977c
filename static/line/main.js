// The far end of a race's line (race/wire/framed-wire.js): a page of the line's own origin, with nothing to see. The
// race on another origin frames it, so that what reads and posts goes over this line.
//
// It serves one race, which hands it a port. Whoever may do that is checked: the window that frames this page, and only
// if its origin is one of this server's network paths. The server's policy lets no other page frame it in the first
// place. All that follows goes over the port, which nobody else has.
//
// Tabs of this origin share its six connections, and are told of this page's by its title, which is that of the race.
// One race a browser (race/claim.js) is for the pages of the races, each on its own origin: what stands here is one's hand.
//
// Its address has as many letters as /race: the Referer of its requests is as long, and they cost as many bytes.

import { Tabs } from '../connection/tabs.js';
import { DirectWire } from '../race/wire/direct-wire.js';
import { isOfLine } from '../shared/line-origins.js';
import { serverInfo } from '../shared/server-info.js';
import { FarEnd } from './far-end.js';

let isTaken = false;

/** @param {MessageEvent} event */
async function isRace({ source, origin }) {
  if (window.parent === window || source !== window.parent) return false;
  const { lines } = await serverInfo();
  return isOfLine(origin, lines);
}

window.addEventListener('message', async (event) => {
  const [port] = event.ports;
  if (!port || isTaken || !(await isRace(event)) || isTaken) return;
  isTaken = true;
  new FarEnd(new DirectWire(new Tabs()), port);
});
