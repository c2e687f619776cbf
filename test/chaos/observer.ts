/**
 * A plain connection without faults, which subscribes to channels and leaves them. It checks the server directly: every
 * acknowledged message behind its position has to be in the reply or come live. The client library would repair missing messages.
 */

import { actionSchemas } from 'fanfare-protocol/actions';
import { messagesEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import { Client } from '../local/client.ts';

const frame = v.looseObject({ event: v.optional(v.string()), seq: v.optional(v.number()) });

/** The numbers of a channel that publishers have received so far. */
export type Acknowledged = (channel: string) => ReadonlySet<number>;

export class Observer {
  /** Acknowledged messages that were neither in the reply nor came live. */
  missed = 0;
  private readonly client: Client;
  private readonly acknowledged: Acknowledged;

  private constructor(client: Client, acknowledged: Acknowledged) {
    this.client = client;
    this.acknowledged = acknowledged;
  }

  static async open(url: string, acknowledged: Acknowledged): Promise<Observer> {
    return new Observer(await Client.open(url), acknowledged);
  }

  /** Subscribes at the channel's present head, comes back to it a moment later, and checks the messages that it got. */
  async visit(channel: string, moment: () => Promise<void>): Promise<void> {
    const position = await this.subscribe(channel, undefined, new Set());
    await this.command({ action: 'unsubscribe', channel }, 'unsubscribed', new Set());
    await moment();
    const seen = new Set<number>();
    await this.subscribe(channel, position, seen);
    await moment();
    const expected = [...this.acknowledged(channel)].filter((seq) => seq > position);
    // A post is made before its publish is acknowledged, and a socket is in order.
    await this.command({ action: 'ping' }, 'pong', seen);
    this.missed += expected.filter((seq) => !seen.has(seq)).length;
    await this.command({ action: 'unsubscribe', channel }, 'unsubscribed', new Set());
  }

  close(): void {
    this.client.kill();
  }

  private async subscribe(channel: string, after: number | undefined, seen: Set<number>): Promise<number> {
    const command = { action: 'subscribe', channel, ...(after !== undefined && { after }) };
    const reply = await this.command(command, 'subscribed', seen);
    const { seq = 0, messages = [] } = v.parse(actionSchemas.subscribe.reply, reply);
    for (const record of messages) seen.add(record.seq ?? 0);
    return seq;
  }

  /** Sends a command until it is answered: a killed Lambda answers with an error of the platform. */
  private async command(command: object, event: string, seen: Set<number>): Promise<unknown> {
    this.client.send(command);
    for (;;) {
      const got = await this.client.next();
      const { event: name } = v.parse(frame, got);
      if (name === event) return got;
      if (name === 'messages') for (const { seq = 0 } of v.parse(messagesEvent, got).messages) seen.add(seq);
      else this.client.send(command);
    }
  }
}
