/** A Fanfare server in virtual time. It keeps the wire protocol and the limits of API Gateway (docs/protocol.md). */

import {
  CONNECTION_LIFETIME_MS,
  FRAME_BYTES,
  HISTORY_LIMIT,
  HISTORY_LIMIT_MAX,
  IDLE_TIMEOUT_MS,
} from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { ChannelLog, type LogRecord, ReplyRoom } from './channel-log.ts';
import type { Time } from './virtual-time.ts';

const commandSchema = v.object({
  id: v.optional(v.number()),
  action: v.string(),
  channel: v.optional(v.string(), ''),
  after: v.optional(v.number()),
  before: v.optional(v.number()),
  limit: v.optional(v.number()),
  seq: v.optional(v.number(), 0),
  messages: v.optional(v.array(v.object({ data: v.unknown(), key: v.optional(v.string()) })), []),
});

export type Command = v.InferOutput<typeof commandSchema>;

/** The server's end of one socket. */
export interface Peer {
  push(text: string): void;
  close(code: number): void;
}

/** Channels with this prefix have no history: their messages have no numbers. */
const LIVE = 'live:';

/** Milliseconds that one invocation takes, at least and at most. Two frames of one connection may overtake each other. */
const HANDLING_MS = { least: 5, most: 25 };

export class Server {
  /** Whether handshakes succeed, fail at once, or never end. */
  handshakes: 'accepted' | 'refused' | 'hanging' = 'accepted';
  /** How long a reply waits after its command was carried out. Milliseconds. */
  replyDelayMs: (command: Command) => number = () => 0;
  /** A refusal in place of carrying the command out. */
  refuse: (command: Command) => object | undefined = () => undefined;
  readonly sessions = new Set<Session>();
  readonly time: Time;
  readonly random: () => number;
  readonly #logs = new Map<string, ChannelLog>();

  constructor(time: Time, random: () => number) {
    this.time = time;
    this.random = random;
  }

  log(channel: string): ChannelLog {
    const log = this.#logs.get(channel) ?? new ChannelLog();
    this.#logs.set(channel, log);
    return log;
  }

  /** Another user publishes. */
  say(channel: string, data: unknown): void {
    if (channel.startsWith(LIVE)) this.#push(channel, { messages: [{ data, time: this.time.now }] });
    else this.#pushRecords(channel, [this.log(channel).append(data, this.time.now).record]);
  }

  /** Sends a frame to every connection. */
  tellAll(frame: object): void {
    for (const { peer } of this.sessions) peer.push(JSON.stringify(frame));
  }

  publish({ channel, messages }: Command): object {
    if (channel.startsWith(LIVE)) {
      this.#push(channel, { messages: messages.map(({ data }) => ({ data, time: this.time.now })) });
      return { event: 'published' };
    }
    const landed = messages.map(({ data, key }) => this.log(channel).append(data, this.time.now, key));
    this.#pushRecords(
      channel,
      landed.filter(({ isNew }) => isNew).map(({ record }) => record),
    );
    return { event: 'published', seq: landed.at(-1)?.record.seq };
  }

  #pushRecords(channel: string, messages: readonly LogRecord[]): void {
    const [one] = messages;
    if (!one) return;
    const first = one.seq === this.log(channel).first ? { first: one.seq } : {};
    this.#push(channel, { ...first, messages });
  }

  #push(channel: string, content: object): void {
    const text = JSON.stringify({ event: 'messages', channel, ...content });
    for (const { channels, peer } of this.sessions) if (channels.has(channel)) peer.push(text);
  }
}

/** One open connection. */
export class Session {
  readonly channels = new Set<string>();
  readonly peer: Peer;
  readonly #server: Server;
  readonly #cancelLifetime: () => void;
  #cancelIdle: () => void = () => {};

  constructor(server: Server, peer: Peer) {
    this.#server = server;
    this.peer = peer;
    const { time } = server;
    this.#cancelLifetime = time.at(time.now + CONNECTION_LIFETIME_MS, () => this.#close(1001));
    server.sessions.add(this);
    this.#traffic();
  }

  receive(text: string): void {
    if (!this.#server.sessions.has(this)) return;
    this.#traffic();
    if (Buffer.byteLength(text) > FRAME_BYTES) this.#close(1009);
    else this.#invoke(text);
  }

  /** The connection has ended. */
  end(): void {
    this.#server.sessions.delete(this);
    this.#cancelLifetime();
    this.#cancelIdle();
  }

  #close(code: number): void {
    this.end();
    this.peer.close(code);
  }

  #traffic(): void {
    const { time } = this.#server;
    this.#cancelIdle();
    this.#cancelIdle = time.at(time.now + IDLE_TIMEOUT_MS, () => this.#close(1001));
  }

  #invoke(text: string): void {
    const { time, random } = this.#server;
    const handlingMs = HANDLING_MS.least + (HANDLING_MS.most - HANDLING_MS.least) * random();
    const frame: unknown = JSON.parse(text);
    const commands = v.parse(v.array(commandSchema), Array.isArray(frame) ? frame : [frame]);
    time.at(time.now + handlingMs, () => this.#run(commands, Array.isArray(frame)));
  }

  #run(commands: readonly Command[], isArray: boolean): void {
    if (!this.#server.sessions.has(this)) return;
    const room = new ReplyRoom(commands.length);
    const replies = commands.map((command) => ({
      id: command.id,
      channel: command.channel,
      ...(this.#server.refuse(command) ?? this.#answer(command, room)),
    }));
    const { time, replyDelayMs } = this.#server;
    const delayMs = Math.max(...commands.map((command) => replyDelayMs(command)));
    const text = JSON.stringify(isArray ? replies : replies[0]);
    time.at(time.now + delayMs, () => {
      if (!this.#server.sessions.has(this)) return;
      this.#traffic();
      this.peer.push(text);
    });
  }

  #answer(command: Command, room: ReplyRoom): object {
    const answer = Object.hasOwn(answers, command.action) ? answers[command.action] : undefined;
    return answer?.(command, room, this, this.#server) ?? refusal('unknown-action', 404);
  }
}

type Answer = (command: Command, room: ReplyRoom, session: Session, server: Server) => object;

const answers: Readonly<Record<string, Answer>> = {
  ping: () => ({ event: 'pong' }),
  subscribe({ channel, after, limit = HISTORY_LIMIT_MAX }, room, { channels }, server) {
    channels.add(channel);
    return {
      event: 'subscribed',
      ...(!channel.startsWith(LIVE) && resumed(server.log(channel), { after, limit }, room)),
    };
  },
  unsubscribe({ channel }, _room, { channels }) {
    channels.delete(channel);
    return { event: 'unsubscribed' };
  },
  history({ channel, after, before, limit = HISTORY_LIMIT }, room, _session, server) {
    const log = server.log(channel);
    const most = Math.min(limit, HISTORY_LIMIT_MAX);
    if (after === undefined) return { event: 'history', ...room.page(log.before(before, most), most) };
    const first = after === 0 && log.first !== undefined ? { first: log.first } : {};
    return { event: 'history', ...first, ...room.page(log.after(after), most) };
  },
  publish: (command, _room, _session, server) => server.publish(command),
};

/** With a `limit` of 0, as of a client on a slow link, the reply has no messages: the client reads them by `history`. */
function resumed(
  log: ChannelLog,
  { after, limit }: { readonly after: number | undefined; readonly limit: number },
  room: ReplyRoom,
): object {
  const seq = log.head;
  if (after === undefined) return { seq };
  if (!log.has(after)) return { seq, recovered: false, messages: [] };
  const first = after === 0 && log.first !== undefined ? { first: log.first } : {};
  return { seq, ...first, recovered: true, ...room.page(log.after(after), limit) };
}

/** An error in the form of the server. */
export function refusal(code: string, status: number): object {
  return { event: 'error', code, status, message: `It is ${code}.` };
}
