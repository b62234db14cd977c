// One room as one account: puts the parts of the conversation together.

/** @import { Account, ConnectionListeners, ConnectionNow, Ending, Message, PollResponse, Room, Seen } from '../shared/types.js' */
/** @import { Tabs } from '../connection/tabs.js' */
/** @import { ConnectionNotice } from './connection-notice.js' */
/** @import { FaultNotice } from './fault-notice.js' */
/** @import { Settings } from './settings.js' */
/** @import { Status } from './status.js' */
/** @import { Unread } from './unread.js' */

import { Connection } from '../connection/connection.js';
import { whyNot } from '../connection/diagnosis.js';
import { Journey } from '../inspector/journey.js';
import { Meters } from '../meters/index.js';
import { postJson } from '../shared/api.js';
import { $ } from '../shared/dom.js';
import { AutoPanel } from './auto-panel.js';
import { Composer } from './composer.js';
import { offerExperiments } from './experiments.js';
import { Follow } from './follow.js';
import { Hints } from './hints.js';
import { History } from './history.js';
import { MessageList } from './message-list.js';
import { Outbox } from './outbox.js';
import { People } from './people.js';
import { Place } from './place.js';
import { PresenceNotices } from './presence-notices.js';
import { TAB } from './tab-name.js';

/**
 * `ended` is called when the conversation can't go on.
 * @typedef {object} Entry
 * @property {Room} room
 * @property {PollResponse | null} history its newest messages, where they are known
 * @property {Seen} asked when they were asked for, and came
 * @property {Account} me
 * @property {Settings} settings
 * @property {Tabs} tabs
 * @property {Status} status
 * @property {{ connection: ConnectionNotice, fault: FaultNotice }} notices
 * @property {Unread} unread
 * @property {() => void} addAccount
 * @property {(why: Ending) => void} ended
 */

/**
 * What the conversation is made of.
 * @typedef {object} Parts
 * @property {string} room
 * @property {Account} me
 * @property {MessageList} list
 * @property {Follow} follow
 * @property {People} people
 * @property {PresenceNotices} notices
 * @property {Outbox} outbox
 */

/**
 * What observes it: how messages came, and what they cost.
 * @typedef {{ journey: Journey, meters: Meters }} Watchers
 */

/**
 * Enters `room` as `me`.
 * @param {Entry} entry
 */
export async function enterRoom({ room, history, asked, me, settings, tabs, status, notices, unread, addAccount, ended }) {
  const parts = makeParts(room.name, me, ended);
  const watchers = watch(parts, room.epoch);
  parts.outbox.restore();
  const hints = new Hints({ room, me, addAccount }); // before the messages, which are then scrolled to their end
  await beginHistory(parts, watchers.journey, { history, asked, head: room.head, newFrom: unread.newFrom(room) });
  unread.enter(room, () => parts.follow.isAtEnd);
  $('#messages').addEventListener('scroll', () => unread.look(), { passive: true });
  if ($('#messages').querySelector('[data-own]')) hints.wrote(); // elsewhere, or before this browser kept it

  const auto = new AutoPanel(settings, () => connection.hurry());
  const connection = new Connection({
    reader: { room: room.name, query: { as: me.username, tab: TAB, epoch: room.epoch }, presence: true },
    after: room.head, settings, tabs,
    on: {
      ...listeners(parts, watchers, unread), ended,
      attempts: (attempts, now) => auto.show(attempts, now),
      fault: (transport, reason) => notices.fault.show(transport, reason),
      state: (now) => showState(now, parts, { status, notice: notices.connection, meters: watchers.meters }),
    },
    diagnose: (after) => whyNot(room, after, me.username),
  });
  offerComposer(parts, connection, hints);
  offerExperiments(() => ({ room: room.name, tab: TAB, transport: connection.transport }), settings);
  parts.outbox.use(connection);
  await watchers.meters.begin();
  connection.reopen();
  return connection;
}

/**
 * @param {string} room
 * @param {Account} me
 * @param {(why: Ending) => void} ended
 * @returns {Parts}
 */
function makeParts(room, me, ended) {
  const root = $('#messages');
  const list = new MessageList(root, me);
  const follow = new Follow(root, $('#new-messages'));
  const notices = new PresenceNotices(me, (...told) => {
    list.appendNotice(...told);
    follow.grown({ counts: false });
  });
  return {
    room, me, list, follow, notices,
    people: new People(me),
    outbox: makeOutbox({ room, me, list, follow }, ended),
  };
}

/**
 * @param {Pick<Parts, 'room' | 'me' | 'list' | 'follow'>} parts
 * @param {(why: Ending) => void} ended
 */
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

/**
 * The newest messages, and then the place where the reader was.
 * @param {Parts} parts
 * @param {Journey} journey
 * @param {{ history: PollResponse | null, asked: Seen, head: number, newFrom: number | null }} known
 */
async function beginHistory({ room, me, list, follow, outbox }, journey, { history: known, asked, head, newFrom }) {
  const seen = (/** @type {Message[]} */ messages) => {
    for (const message of messages) outbox.confirm(message)?.remove();
  };
  const root = $('#messages');
  const history = new History({
    room, query: { as: me.username, tab: TAB }, root, list, follow, seen,
    shown: (item, seq, how) => journey.recalled(item, seq, how),
  });
  const place = new Place({ root, list, follow, storedAs: `pushlab.place.${me.username}.${room}` });
  await history.begin(head, known, asked);
  await place.find(history, { newFrom, head });
}

/**
 * @param {Parts} parts
 * @param {string} epoch
 * @returns {Watchers}
 */
const watch = ({ room, me }, epoch) => ({
  journey: new Journey({ room, tab: TAB, as: me.username, epoch }, { root: $('#messages'), offer: $('#how-newest') }),
  meters: new Meters({ room, tab: TAB }, me.username),
});

/**
 * @param {Parts} parts
 * @param {Watchers} watchers
 * @param {Unread} unread
 * @returns {Pick<ConnectionListeners, 'message' | 'presence' | 'trace' | 'ack' | 'refused'>}
 */
function listeners({ list, follow, outbox, people, notices }, { journey, meters }, unread) {
  return {
    message(message, arrival) {
      const draft = outbox.confirm(message);
      const item = list.append(message, draft);
      if (!item) return;
      journey.arrived(item, message, arrival, draft?.writtenAt);
      meters.arrived(message, arrival, draft?.writtenAt);
      follow.grown({ counts: !draft });
      unread.arrived(message.seq);
      if (follow.isAtEnd && list.trim()) follow.toEnd();
    },
    presence(document) {
      people.show(document);
      notices.see(document);
    },
    trace(event) {
      journey.trace(event);
      meters.trace(event);
    },
    ack: (ack) => outbox.acknowledged(ack),
    refused: (error) => outbox.refused(error),
  };
}

/**
 * @param {ConnectionNow} now
 * @param {Parts} parts
 * @param {{ status: Status, notice: ConnectionNotice, meters: Meters }} shownIn
 */
function showState(now, { outbox, notices }, { status, notice, meters }) {
  meters.state(now);
  status.show(now.transport, now);
  notice.waiting(Boolean(now.waiting));
  if (now.state === 'live') return outbox.pump();
  outbox.lost();
  if (now.waiting) outbox.pump();
  if (now.state === 'offline') notices.unsettle();
}

/**
 * @param {Parts} parts
 * @param {Connection} connection
 * @param {Hints} hints
 */
function offerComposer({ room, me, outbox }, connection, hints) {
  const composer = new Composer({
    storedAs: `pushlab.draft.${me.username}.${room}`,
    send: (body) => {
      hints.wrote();
      outbox.write(body);
    },
    typing: () => tellTyping(room, me, connection),
  });
  composer.focus();
}

/**
 * @param {string} room
 * @param {Account} me
 * @param {Connection} connection
 */
function tellTyping(room, me, connection) {
  if (connection.channel) return connection.channel.typing();
  if (!connection.isLive) return;
  // It may be lost.
  postJson(`/api/rooms/${room}/typing`, undefined, { query: { as: me.username } }).catch(() => {});
}
