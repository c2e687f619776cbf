/** A tab without the client library: a plain socket, and an observer's logic written down once more from the protocol's page. */

import { once } from 'node:events';
import { actionSchemas, type Member } from 'fanfare-protocol/actions';
import { joinedEvent, leftEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import { WebSocket } from 'ws';
import { Client } from '../../local/client.ts';

const presenceEvent = v.variant('event', [joinedEvent, leftEvent]);
const anyFrame = v.looseObject({
  event: v.optional(v.string()),
  id: v.optional(v.number()),
  code: v.optional(v.string()),
});

export type Word = v.InferOutput<typeof presenceEvent>;

export class Tab {
  readonly closed: Promise<unknown>;
  /** All pushed joins and leaves, in the order of their arrival. The server may push one again: it counts once. */
  readonly words: Word[] = [];
  private readonly heard = new Set<string>();
  private readonly client: Client;
  private readonly replies = new Map<number, (frame: unknown) => void>();
  /** The newest event of each user. */
  private readonly known = new Map<string, { readonly at: number; readonly member: Member | undefined }>();
  private listeners: (() => void)[] = [];
  private asked = 0;

  private constructor(client: Client) {
    this.client = client;
    this.closed = client.closed;
    client.socket.on('message', (data) => this.receive(JSON.parse(String(data))));
  }

  static async open(url: string, token?: string): Promise<Tab> {
    return new Tab(await Client.open(url, ['fanfare.v1', ...(token === undefined ? [] : [token])]));
  }

  /** The present users, sorted. */
  get users(): readonly string[] {
    return [...this.known].flatMap(([user, { member }]) => (member ? [user] : [])).toSorted();
  }

  /** The reply to a command; one that died on the way is answered with the gateway's own error. */
  ask(command: object): Promise<unknown> {
    this.asked += 1;
    const id = this.asked;
    return new Promise((resolve) => {
      this.replies.set(id, resolve);
      this.client.send({ ...command, id });
    });
  }

  /** First the subscription, then the list; again until both have succeeded. Settles also when the socket is gone. */
  async enter(channel: string): Promise<void> {
    await this.until({ action: 'subscribe', channel }, 'subscribed');
    let cursor: string | undefined;
    do {
      const reply = await this.until({ action: 'members', channel, cursor }, 'members');
      if (reply === undefined) return;
      const { members, next } = v.parse(actionSchemas.members.reply, reply);
      for (const member of members) this.learn(member.user, member.at ?? 0, member);
      cursor = next;
    } while (cursor !== undefined);
  }

  /** Settles when the server has pushed this event of the user `times` times. */
  hears(event: Word['event'], user: string, times = 1): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        const heard = this.words.filter((word) => word.event === event && word.member.user === user);
        if (heard.length >= times) resolve();
      };
      this.listeners.push(look);
      look();
    });
  }

  /** The pushed events in short form. */
  get said(): readonly string[] {
    return this.words.map(({ event, member }) => `${event} ${member.user}`);
  }

  get isOpen(): boolean {
    return this.client.socket.readyState === WebSocket.OPEN;
  }

  /** Settles when everything that was sent before has come: a socket is in order. */
  async received(): Promise<void> {
    const pong = once(this.client.socket, 'pong');
    this.client.socket.ping();
    await Promise.race([pong, this.closed]);
  }

  kill(): void {
    this.client.kill();
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  private async until(command: object, event: string): Promise<unknown> {
    for (;;) {
      const reply = await Promise.race([this.ask(command), this.closed.then(() => undefined)]);
      if (reply === undefined) return reply;
      const frame = v.parse(anyFrame, reply);
      if (frame.event === event) return reply;
      // No repetition would end otherwise.
      if (frame.code === 'token-expired') throw new Error('The token of the tab has ended.');
    }
  }

  private receive(frame: unknown): void {
    const { id, event } = v.parse(anyFrame, frame);
    if (event === 'joined' || event === 'left') this.hear(v.parse(presenceEvent, frame));
    // The gateway's own error names no command, so only one command runs at a time.
    const waiting = id ?? (event === undefined ? this.asked : undefined);
    if (waiting === undefined) return;
    this.replies.get(waiting)?.(frame);
    this.replies.delete(waiting);
  }

  private hear(word: Word): void {
    const { event, member } = word;
    const version = `${event} ${member.user} ${member.at}`;
    if (this.heard.has(version)) return;
    this.heard.add(version);
    this.words.push(word);
    this.learn(member.user, member.at, event === 'joined' ? member : undefined);
    for (const look of this.listeners) look();
  }

  /** A late event changes nothing. */
  private learn(user: string, at: number, member: Member | undefined): void {
    if (at > (this.known.get(user)?.at ?? -1)) this.known.set(user, { at, member });
  }
}
