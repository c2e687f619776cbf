/** A channel with a log that a test fills, lets expire and asks, all through the client's commands. */

import { actionSchemas } from 'fanfare-protocol/actions';
import * as v from 'valibot';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import type { FanfareConfig } from '../../../lambdas/realtime/access/namespaces.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

export const CHANNEL = 'open:log';
export const HOUR = 60 * 60 * 1000;
export const RETENTION_HOURS = 24;

const anyone = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: RETENTION_HOURS },
  presence: 'none',
} as const;
const config: FanfareConfig = {
  namespaces: { open: anyone, live: { ...anyone, history: 'none' } },
  builtIn: { '@all': anyone, '@user': anyone },
};

export class LogFixture {
  readonly ports: MemoryPorts = memoryPorts();
  private clock = NOW;
  private readonly session = sessionFixture();

  async open(): Promise<void> {
    await this.ports.connections.open({ connectionId: this.session.connectionId, expiresAt: NOW }, []);
  }

  /** Moves the clock. Expired records are deleted only if `expire` is set. */
  pass(ms: number): void {
    this.clock += ms;
  }

  async ask(frame: unknown, ports: Partial<MemoryPorts> = {}): Promise<unknown> {
    const context = actionContext(config, { ...this.ports, now: () => this.clock, ...ports });
    return JSON.parse(await answer(JSON.stringify(frame), this.session, context));
  }

  /** Publishes one message and answers its number. */
  async publish(data: unknown = 'x', key?: string): Promise<number> {
    const reply = await this.ask({
      action: 'publish',
      channel: CHANNEL,
      data,
      ...(key !== undefined && { key }),
    });
    return v.parse(actionSchemas.publish.reply, reply).seq ?? 0;
  }

  async publishMany(count: number): Promise<number[]> {
    const numbers: number[] = [];
    for (let n = 0; n < count; n++) numbers.push(await this.publish(n));
    return numbers;
  }

  /** A writer takes a number and dies. */
  async leaveHole(): Promise<number> {
    return (await this.ports.channelLog.raise(CHANNEL, 1, this.clock)).seq;
  }

  async subscribe(after?: number) {
    const command = { action: 'subscribe', channel: CHANNEL, ...(after !== undefined && { after }) };
    return v.parse(actionSchemas.subscribe.reply, await this.ask(command));
  }

  async latest(range: { last: number; limit?: number }) {
    const command = { action: 'subscribe', channel: CHANNEL, ...range };
    return v.parse(actionSchemas.subscribe.reply, await this.ask(command));
  }

  async history(range: { after?: number; before?: number; limit?: number } = {}) {
    return v.parse(
      actionSchemas.history.reply,
      await this.ask({ action: 'history', channel: CHANNEL, ...range }),
    );
  }
}

export function numbersOf(
  records: readonly { readonly seq?: number | undefined }[] = [],
): (number | undefined)[] {
  return records.map(({ seq }) => seq);
}
