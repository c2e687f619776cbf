/** A publisher that sends one number after another until it is stopped. The numbers show what each subscriber missed. */

import { setTimeout } from 'node:timers/promises';
import type { Conversation } from './conversation.ts';

/** Half of the commands that a connection may send in a second. */
const PACE_MS = 20;

export class Stream {
  /** How many were acknowledged; they count from 0. */
  published = 0;
  /** When each of them was acknowledged, after its posts. Milliseconds since 1970. */
  readonly acknowledgedAt: number[] = [];
  private readonly conversation: Conversation;
  private readonly channel: string;
  private isOver = false;
  private readonly run: Promise<void>;

  /** No other code uses the conversation. */
  constructor(conversation: Conversation, channel: string) {
    this.conversation = conversation;
    this.channel = channel;
    this.run = this.publish();
  }

  /** Settles when the last one is acknowledged. */
  stop(): Promise<void> {
    this.isOver = true;
    return this.run;
  }

  private async publish(): Promise<void> {
    while (!this.isOver) {
      const reply = await this.conversation.ask({
        action: 'publish',
        channel: this.channel,
        data: this.published,
      });
      if (reply.event !== 'published') throw new Error(`Not published: ${JSON.stringify(reply)}`);
      this.acknowledgedAt.push(Date.now());
      this.published += 1;
      await setTimeout(PACE_MS);
    }
  }
}
