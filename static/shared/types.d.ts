// What crosses the modules, as shapes for the compiler (scripts/check-pages); no page loads this.
// First what the server says, as crates/protocol and crates/server define it; then what the pages make of it.

import type { Tabs } from '../connection/tabs.js';

/** A message of a room's log: `seq` counts from 1 without a gap. */
export interface Message {
  seq: number;
  room: string;
  author: string;
  display_name: string;
  body: string;
  key: string | null;
  sent_at: string;
}

export interface Account {
  username: string;
  display_name: string;
}

export interface Room {
  name: string;
  title: string;
  head: number;
  /** Of the history to which `head` belongs: after a restore numbers are given again, in another one. */
  epoch: string;
}

export interface Person extends Account {
  /** Slugs. */
  transports: string[];
  typing: boolean;
}

/** Who is in a room. `here` names the first hundred, `count` counts all. */
export interface Presence {
  version: number;
  here: Person[];
  count: number;
}

/** The response to a poll. */
export interface PollResponse {
  messages: Message[];
  head: number;
  presence?: Presence;
}

/** What a page sends; with the same key it is stored once. */
export interface Draft {
  key: string;
  body: string;
}

export interface Ack {
  key: string;
  seq: number;
}

export interface Refusal {
  key?: string;
  status: number;
  title: string;
  detail?: string;
}

export interface Identity {
  slug: string;
  name: string;
  colour: string;
  marker: string;
}

/** A network path to this server. */
export interface NetworkPath {
  slug: string;
  name: string;
  port: number;
  about: string;
}

export interface ServerInfo {
  guests: boolean;
  registration: 'open' | 'closed' | 'code';
  lines: NetworkPath[];
  /** At a loopback address: the origin at which other machines reach this server, if they do. */
  network?: string | null;
}

/** What a page begins with: of GET /api/start. `account` is the one that this page uses. */
export interface Start {
  accounts: Account[];
  account: Account | null;
  /** Whether that is a guest's, which can be kept. */
  is_guest: boolean;
  rooms: Room[];
  /** Null where there are no rooms to see. */
  epoch: string | null;
  history: PollResponse | null;
  transports: Identity[];
  server: ServerInfo;
}

/** What a reader has cost, as the server's kernel counted. */
export interface Tally {
  requests: number;
  bytes_up: number;
  bytes_down: number;
  segments_up: number;
  segments_down: number;
  /** Of the bytes: those of presence and of typing. */
  presence_bytes_up: number;
  presence_bytes_down: number;
}

/** Of GET /api/connections. */
export interface Costs {
  counted_by: string | null;
  carried: ({ room: string; tab: string | null; transport: string } & Tally)[];
}

/** A reader as GET /api/connections and GET /api/exchanges name it. */
export interface ReaderName {
  room: string;
  tab?: string | null;
  transport: string;
}

/** An exchange as GET /api/exchanges has recorded it. */
export interface ExchangeRecord {
  connection: number;
  server: string | null;
  /** Null for a request for history. */
  transport: string | null;
  /** Since 1970. */
  began_at_ms: number;
  omitted: number;
  /** Those of `omitted` that are recorded no more. */
  forgotten: number;
  steps: Step[];
  message: Message | null;
  post: PostRecord | null;
}

/** What brought a message to the server, where that was another exchange of the session. */
export interface PostRecord {
  connection: number;
  server: string | null;
  tab: string | null;
  transport: string | null;
  began_at_ms: number;
  steps: Step[];
}

/** One thing that crossed the socket, at so many ms after the exchange began. */
export type Step = {
  at_ms: number;
  way: 'up' | 'down';
  bytes: number;
  messages: number[];
  /** All messages in it, and the one that was asked for. */
  delivered_bytes: number;
  message_bytes: number;
  /** What it is for the author of the message. */
  post?: 'draft' | 'acknowledgement';
} & StepContent;

export type StepContent =
  | { kind: 'request'; head: string; body_bytes: number; text: string }
  | { kind: 'answer'; head: string; body_bytes: number; text: string }
  | { kind: 'chunk'; framing_bytes: number; event: string; text: string }
  | { kind: 'frame'; frame: FrameHead; text: string };

export interface FrameHead {
  fin: boolean;
  opcode: number;
  name: string;
  masked: boolean;
  header_bytes: number;
  length: number;
  first_bytes: string;
}

/** A transport's setting, in seconds, and the slider for it. */
export interface Setting {
  name: string;
  lowest: number;
  highest: number;
  step: number;
  usual: number;
  /** Beside its slider: where the transport is chosen, and where all of them are. */
  label: string;
  labelAmongAll: string;
  read(value: number): string;
}

/** What every transport's module exports: see transports/index.js. */
export interface TransportModule {
  slug: string;
  summary: string;
  isPoll: boolean;
  parks: boolean;
  carriesBothWays: boolean;
  holds: boolean;
  whyItHoldsNone?: string;
  setting?: Setting;
  open(options: OpenOptions): Handle;
}

export interface OpenOptions {
  room: string;
  after: number;
  query: Query;
  presence: boolean;
  settings: SettingValues;
  bound: boolean;
  on: TransportListeners;
}

/** By the names of the transports' settings, in seconds. */
export type SettingValues = Record<string, number>;

/** Members that are undefined are left out. */
export type Query = Record<string, string | number | undefined>;

/** An open transport; `send` and `typing` where it carries both directions. */
export interface Handle {
  send?(draft: Draft): void;
  typing?(): void;
  close(): void;
}

/** A handle that does. */
export type Channel = Required<Handle>;

/** The events of an open transport. */
export interface TransportListeners {
  up(): void;
  message(message: Message, arrived: Arrived): void;
  presence(presence: Presence): void;
  ack(ack: Ack): void;
  refused(refusal: Refusal): void;
  trace(event: TraceEvent): void;
  down(reason: string, details: DownDetails): void;
}

/** The exchange that brought something, and when (performance.now()). */
export interface Arrived {
  exchange: number;
  at: number;
}

/** The same, with the transport. */
export interface Arrival extends Arrived {
  transport: string;
}

export interface DownDetails {
  status?: number;
  /** Seconds. */
  retryAfter?: number;
}

/** What was sent and received, as this page sees it: see transports/trace.js. */
export type TraceEvent =
  | { kind: 'request'; exchange: number; at: number; path: string }
  | { kind: 'open'; exchange: number; at: number }
  | { kind: 'response'; exchange: number; at: number; status: number; messages: number }
  | { kind: 'push'; exchange: number; at: number; messages: number }
  | { kind: 'failed'; exchange: number; at: number; reason: string }
  | { kind: 'closed'; exchange: null; at: number };

/** A connection's settings; dispatches `change` when one changes. */
export interface ConnectionSettings extends EventTarget {
  /** A slug, or AUTO. */
  transport: string;
  values: SettingValues;
  bound: boolean;
}

/** The reader of a connection: what each of its requests carries. */
export interface Reader {
  room: string;
  query: Query;
  presence: boolean;
}

export type ConnectionState = 'connecting' | 'live' | 'offline';

/** The state of a connection. */
export interface ConnectionNow {
  state: ConnectionState;
  transport: string;
  /** Date.now() of the next try. */
  retryAt?: number;
  /** Whether it waits for one of the browser's connections. */
  waiting?: boolean;
  reason?: string;
}

/** Why a connection can't go on. */
export type Ending = 'signed-out' | 'no-room' | 'stale-cursor';

/** The events of a connection. */
export interface ConnectionListeners {
  message(message: Message, arrival: Arrival): void;
  presence(presence: Presence): void;
  ack(ack: Ack): void;
  refused(refusal: Refusal): void;
  trace(event: TraceEvent): void;
  state(now: ConnectionNow): void;
  attempts(attempts: Attempt[], now: AutoNow): void;
  /** The chosen transport does not get through, for this reason, though the server responds; null when it does. */
  fault?(transport: string, reason: string | null): void;
  ended(why: Ending): void;
}

/** The options of a connection; `diagnose` finds out why it can't go on where a transport can't say. */
export interface ConnectionOptions {
  reader: Reader;
  settings: ConnectionSettings;
  tabs: Tabs;
  on: ConnectionListeners;
  diagnose(after: number): Promise<Ending | null>;
}

/** One transport that Auto has tried. */
export interface Attempt {
  slug: string;
  outcome: 'works' | 'failed';
  reason: string;
  seconds: number;
  at: Date;
}

/** The state of Auto; `nextAt` is the Date.now() at which a better transport is tried. */
export interface AutoNow {
  slug: string;
  isProven: boolean;
  isBest: boolean;
  nextAt: number | null;
  isClimbing: boolean;
}

/** What a page itself knows of a message's delivery, in performance.now(). */
export interface Seen {
  asked?: number;
  at?: number;
  sentAt?: number;
}

/** How stored messages come to a page: with its first answer, or when it asks for older ones. */
export type HistoryKind = 'start' | 'older';

/**
 * Which exchange is asked for: `tab` and `as` as in this page's requests. Without a `transport`, the message came
 * with history. `also`: another way in which this tab got the same message.
 */
export interface ExchangeQuery {
  room: string;
  seq: number;
  transport: string | null;
  history?: HistoryKind;
  tab?: string | null;
  as?: string | null;
  seen: Seen;
  /** Whether an earlier load of this page got it. */
  isEarlier?: boolean;
  also?: ExchangeQuery;
}

/** Where something of a message's story is, or goes. */
export type Place = 'sender' | 'server' | 'page';

/** What happened at some time, in ms relative to the step that brought the message: see inspector/timeline.js. */
export type Happening =
  | { kind: 'step'; at: number; step: Step; from: Place; to: Place; carries: boolean }
  | { kind: 'stored'; at: number }
  | { kind: 'sent'; at: number }
  | { kind: 'earlier'; at: number; until: number; steps: Step[] };

/** One row of the diagram of a story: see inspector/story.js. */
export type Row =
  | { kind: 'arrow'; at: number | null; from: Place; to: Place; label: string; carries: boolean; isKnown: boolean; page: string }
  | { kind: 'point'; at: number; label: string }
  | { kind: 'gap'; label: string; where: Place }
  | { kind: 'earlier'; at: number; label: string };

/** A transport's figures since the meter was reset; what is not known is undefined. */
export interface Figures {
  seconds: number;
  messages: number;
  requests: number;
  requestsPerMinute?: number;
  /** Responses with messages. */
  answers: number;
  /** 0 to 1 of the responses. */
  emptyShare?: number;
  /** In ms. */
  latency: { count: number; last?: number; mean?: number; p50?: number; p95?: number };
}

/** A part of a message's text: see chat/markup.js. */
export type Piece =
  | { kind: 'text' | 'code' | 'block'; text: string }
  | { kind: 'link'; text: string; address: string }
  | { kind: 'name'; text: string; username: string }
  | { kind: 'strong' | 'emphasis'; pieces: Piece[] };

/** What is shown of a message: a stored one, or a draft. */
export type Shown = Pick<Message, 'author' | 'display_name' | 'body' | 'sent_at'>;

/** A message as an element of the conversation; `writtenAt` (performance.now()) where it was in this page. */
export type MessageItem = HTMLLIElement & { sender: string; sentAt: Date; writtenAt?: number };
