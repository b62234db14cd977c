// One room as one account: puts the parts of the conversation together.

import { PresenceNotices } from './presence-notices.js';
import { postJson } from '../shared/api.js';
import { AutoPanel } from './auto-panel.js';
import { Composer } from './composer.js';
import { Connection } from '../connection/connection.js';
import { whyNot } from '../connection/diagnosis.js';
import { $ } from '../shared/dom.js';
import { offerExperiments } from './experiments.js';
import { Follow } from './follow.js';
import { History } from './history.js';
import { MessageList } from './message-list.js';
import { Outbox } from './outbox.js';
import { People } from './people.js';
import { Meters } from '../meters/index.js';
import { Journey } from '../inspector/journey.js';

/** This page load, for the server's figures: two tabs of one browser are two readers. */
const TAB = Math.random().toString(36).slice(2, 6).padEnd(4, '0');

/** Enters `room` ({ name, head }) as `me`; `ended(why)` when it can't go on (see connection.js). */
export async function enterRoom({ room, me, settings, tabs, status, notice, ended }) {
  const root = $('#messages');
  const list = new MessageList(root, me);
  const follow = new Follow(root, $('#new-messages'));
  const parts = { room: room.name, me, list, follow, people: new People(me) };
  parts.notices = new PresenceNotices(me, (...told) => {
    list.appendNotice(...told);
    follow.grown({ counts: false });
  });
  parts.outbox = makeOutbox(parts, ended);
  parts.outbox.restore();

  const history = new History({
    room: room.name, as: me.username, root, list, follow,
    seen: (messages) => messages.forEach((message) => parts.outbox.confirm(message)?.remove()),
  });
  await history.begin(room.head);
  await watch(parts, root, settings);

  const on = { ...listeners(parts), ended, state: (now) => showState(now, parts, { status, notice }) };
  const reader = { room: room.name, query: { as: me.username, tab: TAB }, presence: true };
  const connection = new Connection({
    reader, after: room.head, settings, tabs, on,
    diagnose: (after) => whyNot(room.name, after, me.username),
  });
  parts.connection = connection;
  offerComposer(parts);
  offerExperiments(() => ({ room: room.name, tab: TAB, transport: connection.transport }), settings);
  parts.outbox.use(connection);
  connection.reopen();
  return connection;
}

/** What looks on: how messages came, what they cost, what was tried. */
async function watch(parts, root, settings) {
  const { room, me } = parts;
  parts.journey = new Journey({ room, tab: TAB, as: me.username }, root);
  parts.auto = new AutoPanel(settings, () => parts.connection.hurry());
  parts.meters = new Meters({ room, tab: TAB }, me.username);
  await parts.meters.begin();
}

function makeOutbox({ room, me, list, follow }, ended) {
  return new Outbox({
    room,
    me,
    show: (draft) => {
      const item = list.appendPending(draft);
      follow.toEnd(); // one's own words are what one looks for
      return item;
    },
    grown: () => follow.grown({ counts: false }),
    signedOut: () => ended('signed-out'),
  });
}

function listeners({ list, follow, outbox, people, notices, journey, meters, auto }) {
  return {
    message(message, arrival) {
      const draft = outbox.confirm(message);
      const item = list.append(message, draft);
      if (!item) return;
      journey.arrived(item, message, arrival, draft?.writtenAt);
      meters.arrived(message, arrival, draft?.writtenAt);
      follow.grown({ counts: !draft });
      if (follow.isAtEnd) list.trim();
    },
    presence(document) {
      people.show(document);
      notices.see(document);
    },
    trace(event) {
      journey.trace(event);
      meters.trace(event);
    },
    attempts: (list, now) => auto.show(list, now),
    ack: (ack) => outbox.acknowledged(ack),
    refused: (error) => outbox.refused(error),
  };
}

function showState(now, { outbox, notices, meters }, { status, notice }) {
  meters.state(now);
  status.show(now.transport, now);
  notice.waiting(Boolean(now.waiting));
  if (now.state === 'live') return outbox.pump();
  outbox.lost();
  if (now.waiting) outbox.pump();
  if (now.state === 'offline') notices.unsettle();
}

function offerComposer({ room, me, outbox, connection }) {
  const composer = new Composer({
    storedAs: `pushlab.draft.${me.username}.${room}`,
    send: (body) => outbox.write(body),
    typing: () => tellTyping(room, me, connection),
  });
  composer.focus();
}

function tellTyping(room, me, connection) {
  if (connection.channel) return connection.channel.typing();
  if (!connection.isLive) return;
  // Nobody misses it when it is lost.
  postJson(`/api/rooms/${room}/typing`, undefined, { query: { as: me.username } }).catch(() => {});
}
