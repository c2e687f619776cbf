/** A Fanfare server in memory, as far as clients can see one; tests may answer commands in its place, or leave them. */

import * as v from 'valibot';
import { FakeChannel, type Naming, type Stored } from './fake-channel.ts';
import { FakeSocket } from './fake-socket.ts';

const draftSchema = v.object({
  data: v.optional(v.unknown()),
  key: v.optional(v.string()),
  name: v.optional(v.string()),
  ifSeq: v.optional(v.number()),
  remove: v.optional(v.literal(true)),
});

type Draft = v.InferOutput<typeof draftSchema>;

const commandSchema = v.object({
  id: v.optional(v.number()),
  action: v.string(),
  channel: v.optional(v.string(), ''),
  after: v.optional(v.number()),
  before: v.optional(v.number()),
  last: v.optional(v.number()),
  limit: v.optional(v.number()),
  seq: v.optional(v.number(), 0),
  cursor: v.optional(v.string(), ''),
  data: v.optional(v.unknown()),
  key: v.optional(v.string()),
  remove: v.optional(v.boolean()),
  messages: v.optional(v.array(draftSchema), []),
});

export type FakeCommand = v.InferOutput<typeof commandSchema>;

export const SILENCE = Symbol('no reply');

/** Channels with this prefix have no history: their messages have no numbers. */
const isLive = (name: string) => name.startsWith('live:');

/** Channels with this prefix have no message. */
const isFresh = (name: string) => name.startsWith('fresh:');

/** Answers in the server's place: a reply, `SILENCE`, or `undefined` for the server's own answer. */
export type Script = (command: FakeCommand, socket: FakeSocket) => object | typeof SILENCE | undefined;

export class FakeServer {
  /** All sockets that were ever opened, in order. */
  readonly sockets: FakeSocket[] = [];
  readonly commands: FakeCommand[] = [];
  /** Whether handshakes succeed, fail, or stay pending. */
  handshakes: 'accepted' | 'refused' | 'pending' = 'accepted';
  script: Script = () => undefined;
  /** Refuses a whole frame, with the same error for each of its commands. */
  refuse: (commands: readonly FakeCommand[]) => object | undefined = () => undefined;
  /** When a frame is handled: at once, unless a test lets frames overtake each other, as the platform does (OR-2). */
  schedule: (run: () => void) => void = queueMicrotask;
  /** Takes a text to a client: at once, unless a test shapes the link (`shaped-link.ts`). */
  carry: (socket: FakeSocket, text: string) => void = (socket, text) => socket.arrive(text);
  /** The most bytes of all messages in the reply to a frame, as the platform limits it. Bytes. */
  replyBytes = Number.POSITIVE_INFINITY;
  /** Whether the reply to several messages names all of their numbers. Servers of version 0.1.0 name the last one. */
  namesAll = true;
  /** How many values a page has. */
  valuesInPage = 100;
  /** How many of the next commands run without a reply. */
  lostReplies = 0;
  /** The marks by channel. All clients are the same user. */
  readonly marks = new Map<string, number>();
  private readonly channels = new Map<string, FakeChannel>();
  private readonly members = new Map<FakeSocket, Set<string>>();

  /** To be passed as the option `webSocket`. */
  get webSocket(): new (
    url: string,
    protocols: string[],
  ) => FakeSocket {
    const server = this;
    return class extends FakeSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        server.connect(this);
      }
    };
  }

  /** The socket opened last. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('No socket was opened');
    return socket;
  }

  get open(): readonly FakeSocket[] {
    return this.sockets.filter(({ state }) => state === 'open');
  }

  channel(name: string): FakeChannel {
    const channel = this.channels.get(name) ?? new FakeChannel(!isFresh(name));
    this.channels.set(name, channel);
    return channel;
  }

  /** Appends and pushes to every member. */
  say(name: string, data: unknown, naming?: Naming): void {
    this.push(name, [this.channel(name).append(data, undefined, naming)]);
  }

  push(name: string, messages: readonly Stored[]): void {
    for (const socket of this.open) {
      if (this.members.get(socket)?.has(name))
        socket.push({
          event: 'messages',
          channel: name,
          ...this.channel(name).firstIn(messages),
          messages: messages.map((one) => ({ time: 0, ...one })),
        });
    }
  }

  commandsOf(action: string): FakeCommand[] {
    return this.commands.filter((command) => command.action === action);
  }

  private connect(socket: FakeSocket): void {
    this.sockets.push(socket);
    this.members.set(socket, new Set());
    socket.carry = (text) => this.carry(socket, text);
    socket.onFrame = (frame) => this.schedule(() => this.handle(socket, frame));
    queueMicrotask(() => {
      if (this.handshakes === 'accepted') socket.accept();
      if (this.handshakes === 'refused') socket.cut();
    });
  }

  private handle(socket: FakeSocket, frame: unknown): void {
    const isBatch = Array.isArray(frame);
    const commands = v.parse(v.array(commandSchema), isBatch ? frame : [frame]);
    const refused = this.refuse(commands);
    const room = { bytes: this.replyBytes };
    const replies = commands
      .map((command) =>
        refused ? { id: command.id, ...refused } : fitInto(room, this.reply(command, socket)),
      )
      .filter((reply) => reply !== SILENCE);
    if (isBatch && replies.length > 0) socket.push(replies);
    else for (const reply of replies) socket.push(reply);
  }

  private reply(command: FakeCommand, socket: FakeSocket): object | typeof SILENCE {
    this.commands.push(command);
    const { id, channel } = command;
    const scripted = this.script(command, socket);
    if (scripted === SILENCE) return SILENCE;
    const reply = { id, channel, ...(scripted ?? this.answer(command, socket)) };
    if (this.lostReplies === 0) return reply;
    this.lostReplies -= 1;
    return SILENCE;
  }

  private answer(command: FakeCommand, socket: FakeSocket): object {
    const channel = this.channel(command.channel);
    const members = this.members.get(socket);
    switch (command.action) {
      case 'ping':
        return { event: 'pong' };
      case 'subscribe':
        members?.add(command.channel);
        return isLive(command.channel) ? { event: 'subscribed' } : subscribed(channel, command);
      case 'unsubscribe':
        members?.delete(command.channel);
        return { event: 'unsubscribed' };
      case 'history':
        return { event: 'history', ...page(channel, command) };
      case 'values':
        return this.values(channel, command);
      case 'mark':
        return this.mark(command);
      case 'publish':
        return this.publish(command);
      default:
        return {
          event: 'error',
          code: 'unknown-action',
          status: 404,
          message: 'This action does not exist.',
        };
    }
  }

  private values(channel: FakeChannel, { cursor }: FakeCommand): object {
    const values = channel.valuesBehind(cursor, this.valuesInPage);
    const last = values.at(-1)?.name ?? cursor;
    const isMore = channel.valuesBehind(last, 1).length > 0;
    return { event: 'values', seq: channel.head, values, ...(isMore && { next: last }) };
  }

  private mark({ channel, seq }: FakeCommand): object {
    const kept = Math.max(seq, this.marks.get(channel) ?? 0);
    this.marks.set(channel, kept);
    return { event: 'marked', seq: kept };
  }

  private pushLive(name: string, data: unknown): void {
    for (const socket of this.open) {
      if (this.members.get(socket)?.has(name))
        socket.push({ event: 'messages', channel: name, messages: [{ data, time: 0 }] });
    }
  }

  private publish({ channel: name, messages }: FakeCommand): object {
    if (isLive(name)) {
      for (const { data } of messages) this.pushLive(name, data);
      return { event: 'published' };
    }
    const channel = this.channel(name);
    const refused = twiceIn(messages) ?? messages.map(conflictIn(channel)).find((conflict) => conflict);
    if (refused) return refused;
    const before = channel.head;
    const stored = messages.map(({ data = null, key, name, remove }) =>
      channel.append(data, key, { ...(name !== undefined && { name }), ...(remove && { removed: true }) }),
    );
    this.push(
      name,
      stored.filter(({ seq }) => seq > before),
    );
    const seqs = stored.map(({ seq }) => seq);
    return { event: 'published', seq: seqs.at(-1), ...(this.namesAll && seqs.length > 1 && { seqs }) };
  }
}

/** Takes from a reply the messages that the frame has no room for, as the server does. */
function fitInto(room: { bytes: number }, reply: object | typeof SILENCE): object | typeof SILENCE {
  if (reply === SILENCE || !('messages' in reply) || !Array.isArray(reply.messages)) return reply;
  const messages: unknown[] = [];
  for (const message of reply.messages) {
    const bytes = Buffer.byteLength(JSON.stringify(message)) + 1;
    if (bytes > room.bytes) return { ...reply, messages, more: true };
    room.bytes -= bytes;
    messages.push(message);
  }
  return reply;
}

/** The refusal of a batch that has a name with `ifSeq` and once more. */
function twiceIn(messages: readonly Draft[]): object | undefined {
  const isTwice = messages.some(
    ({ name, ifSeq }) => ifSeq !== undefined && messages.filter((other) => other.name === name).length > 1,
  );
  return isTwice ? refusal('bad-request', 400) : undefined;
}

/** The refusal of a message whose name has another number than `ifSeq` names. */
function conflictIn(channel: FakeChannel) {
  return ({ name, ifSeq, key }: Draft, index: number): object | undefined => {
    if (name === undefined || ifSeq === undefined || channel.knows(key)) return undefined;
    const current = channel.valueOf(name);
    if ((current?.seq ?? 0) === ifSeq) return undefined;
    return { ...refusal('conflict', 409), index, current: current ?? null };
  };
}

function subscribed(channel: FakeChannel, { after, last, limit = channel.replySize }: FakeCommand): object {
  const { head: seq, first } = channel;
  if (last !== undefined) {
    const before = Math.min(seq, Math.max(seq - last, channel.floor - 1));
    return { event: 'subscribed', seq, after: before, ...channel.read(before, limit) };
  }
  if (after === undefined) return { event: 'subscribed', seq };
  if (!channel.recovers(after)) {
    const told = after === 0 && first !== undefined ? { first } : {};
    return { event: 'subscribed', seq, ...told, recovered: false, messages: [] };
  }
  return { event: 'subscribed', seq, recovered: true, ...channel.read(after, limit) };
}

function page(channel: FakeChannel, { after, before, limit = 50 }: FakeCommand): object {
  return after === undefined ? channel.readBack(before, limit) : channel.read(after, limit);
}

/** An error in the form of the server. */
export function refusal(code: string, status: number, retryAfter?: number): object {
  return {
    event: 'error',
    code,
    status,
    message: `It is ${code}.`,
    ...(retryAfter !== undefined && { retryAfter }),
  };
}
