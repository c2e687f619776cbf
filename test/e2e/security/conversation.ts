/** A plain connection that separates replies from the messages that are pushed in between. */

import type { Message } from 'fanfare-protocol/actions';
import { type MessagesEvent, messagesEvent, type ServerEvent, serverEvent } from 'fanfare-protocol/events';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import * as v from 'valibot';
import { Client } from '../../local/client.ts';
import { Queue } from '../../local/queue.ts';

/** A message, and the channel it came by. */
export type Received = Message & { readonly channel: string };

const frames = v.union([v.array(serverEvent), serverEvent]);

export class Conversation {
  readonly client: Client;
  /** All messages that were pushed so far. */
  readonly messages: Received[] = [];
  private readonly replies = new Queue<readonly ServerEvent[]>();
  private readonly arrivals = new Queue<Received>();

  constructor(client: Client) {
    this.client = client;
    void this.read();
  }

  /** A connection that shows this token, or none, as a browser would. */
  static async open(url: string, token?: string): Promise<Conversation> {
    return new Conversation(await Client.open(url, [SUBPROTOCOL, ...(token === undefined ? [] : [token])]));
  }

  /** Sends a command and answers its reply. */
  async ask(command: object): Promise<ServerEvent> {
    const [reply] = await this.askAll([command]);
    if (!reply) throw new Error('An array without a reply');
    return reply;
  }

  /** Sends commands in one array and answers their replies. One call at a time. */
  askAll(commands: readonly object[]): Promise<readonly ServerEvent[]> {
    this.client.send(commands);
    return this.replies.next();
  }

  /** The oldest message that was not taken yet, or the next one to come. */
  nextMessage(): Promise<Received> {
    return this.arrivals.next();
  }

  private async read(): Promise<never> {
    for (;;) this.receive(await this.client.nextText());
  }

  private receive(text: string): void {
    const frame = v.parse(frames, JSON.parse(text));
    // Commands are always sent as arrays, so a frame that is not an array is a pushed event.
    if (Array.isArray(frame)) this.replies.put(frame);
    else if (frame.event !== 'joined' && frame.event !== 'left') this.push(v.parse(messagesEvent, frame));
  }

  private push({ channel, messages }: MessagesEvent): void {
    for (const message of messages) {
      if ('void' in message) continue;
      const received = { ...message, channel };
      this.messages.push(received);
      this.arrivals.put(received);
    }
  }
}
