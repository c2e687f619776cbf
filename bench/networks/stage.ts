/** What a situation plays on: the server in virtual time, devices with clients, and the tally of their messages. */

import type { Connection, connect, Options, SubscribeOptions } from 'fanfare-client';
import * as v from 'valibot';
import { Device } from './device.ts';
import type { LinkShape } from './link.ts';
import { Server } from './server.ts';
import { Tally } from './tally.ts';
import { virtualSockets } from './virtual-socket.ts';
import { VirtualTime } from './virtual-time.ts';

/** The client under test, and options that replace those of every situation. */
export interface Subject {
  readonly connect: typeof connect;
  readonly options?: Options;
}

export interface Visitor {
  readonly name: string;
  readonly device: Device;
  readonly connection: Connection;
}

const dataSchema = v.object({ n: v.number() });

export class Stage {
  readonly time = new VirtualTime();
  readonly tally = new Tally();
  readonly server: Server;
  readonly random: () => number;
  readonly visitors: Visitor[] = [];
  /** The device that is in the place of this process's platform, so that its client uses its own clock. */
  local: Device | undefined;
  readonly #subject: Subject;
  /** Names of followers by channel. */
  readonly #followers = new Map<string, string[]>();
  #lastMessage = 0;

  constructor(subject: Subject, random: () => number) {
    this.#subject = subject;
    this.random = random;
    this.server = new Server(this.time, random);
  }

  device(shape: LinkShape = {}): Device {
    return new Device(this.time, shape, this.random);
  }

  /** A client on a device. */
  visit(device = this.local ?? this.device(), options: Options = {}): Visitor {
    const { random } = this;
    const webSocket = virtualSockets(device, this.server);
    const clock = device === this.local ? {} : { clock: device };
    const all = { webSocket, random, ...clock, ...options, ...this.#subject.options };
    const connection = this.#subject.connect('wss://example.com/live', all);
    // A failure that the application does not listen for is printed by some clients.
    connection.on('error', () => {});
    const visitor = { name: `visitor-${this.visitors.length}`, device, connection };
    this.visitors.push(visitor);
    return visitor;
  }

  /** Subscribes, and expects every message of the channel behind `after`, once. */
  follow({ name, connection }: Visitor, channel: string, options: SubscribeOptions = {}): void {
    const follower = `${name} ${channel}`;
    this.#followers.set(channel, [...(this.#followers.get(channel) ?? []), follower]);
    if (options.after !== undefined) {
      for (const record of this.server.log(channel).after(options.after)) {
        const bytes = Buffer.byteLength(JSON.stringify(record));
        this.tally.expect(follower, v.parse(dataSchema, record.data).n, this.time.now, bytes);
      }
    }
    const subscription = connection
      .channel(channel)
      .subscribe(
        ({ data }) => this.tally.arrived(follower, v.parse(dataSchema, data).n, this.time.now),
        options,
      );
    subscription.ready.catch(() => {});
  }

  /** Publishes as another user, on a perfect network. */
  say(channel: string, bytes = 100): void {
    this.server.say(channel, this.#newMessage(channel, bytes));
  }

  /** Publishes as a visitor. A publish that fails is one that its followers miss. */
  publish({ connection }: Visitor, channel: string, bytes = 100): void {
    connection
      .channel(channel)
      .publish(this.#newMessage(channel, bytes))
      .catch(() => {});
  }

  /** Fills a channel before a visitor comes. Returns the position before the messages. */
  fill(channel: string, messages: number, bytes: number): number {
    this.say(channel);
    const position = this.server.log(channel).head;
    for (let count = 0; count < messages; count += 1) this.say(channel, bytes);
    return position;
  }

  /** Runs something at each of these times, in milliseconds from the beginning. */
  at(times: readonly number[], run: (index: number) => void): void {
    times.forEach((time, index) => void this.time.at(time, () => run(index)));
  }

  #newMessage(channel: string, bytes: number): object {
    this.#lastMessage += 1;
    const data = { n: this.#lastMessage, text: 'x'.repeat(bytes) };
    const { now } = this.time;
    const record = { seq: this.server.log(channel).head + 1, data, time: now };
    const needed = Buffer.byteLength(JSON.stringify(record));
    for (const follower of this.#followers.get(channel) ?? [])
      this.tally.expect(follower, data.n, now, needed);
    return data;
  }
}

/** Times from `from` to before `to`, one each `everyMs`. Milliseconds. */
export function every(everyMs: number, from: number, to: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / everyMs) }, (_, index) => from + index * everyMs);
}
