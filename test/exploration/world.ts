/** One run: processes that publish, subscribe and read on one channel, and what each of them saw. */

import { actionSchemas } from 'fanfare-protocol/actions';
import { closingEvent, messagesEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import { type ActionPorts, actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import { narrow } from '../../lambdas/realtime/connections/narrowing.ts';
import { deliver } from '../../lambdas/realtime/delivery/deliver.ts';
import type { DeliveryTask } from '../../lambdas/realtime/delivery/delivery-task.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../memory/memory-ports.ts';
import { openConfig } from '../memory/open-config.ts';
import { TimelessPace } from '../memory/timeless-pace.ts';
import type { Mutant } from './mutants.ts';
import { type Chooser, type Option, Scheduler } from './scheduler.ts';
import { OF_CROWD, steppedPorts } from './stepped-ports.ts';

/** The work of one process. Every process has a connection of its own. */
export type Process =
  | {
      readonly does: 'publish';
      readonly messages: readonly Draft[];
      /** The name of the anonymous client. Without a name, its keys belong to its connection. */
      readonly client?: string;
      /** How often it publishes the same, each time after the reply to the time before. */
      readonly times: number;
    }
  /** Resumes, from 0 if the channel has no message or keeps none. */
  | { readonly does: 'subscribe' }
  /** Subscribes without a position. With `last`, begins with this number of the newest messages. */
  | { readonly does: 'join'; readonly last?: number }
  | { readonly does: 'read' }
  /** Reads from a number in the middle. Without one, the newest messages, which are read from the last one backwards. */
  | { readonly does: 'look'; readonly skipping?: number; readonly limit: number }
  /** Doubles the shards over which the subscriptions are spread. */
  | { readonly does: 'grow' }
  /** Makes the channel narrow again: marks it, and ends that if the upper shard is empty. */
  | { readonly does: 'narrow' };

interface Draft {
  readonly data: string;
  readonly key?: string;
}

/** The channel before the run: without a message, with a kept message, or with a message that has expired and was deleted. */
export type Past = 'nothing' | 'a message' | 'a message that expired';

/** A number with its record: a message's data, or void. */
export type Seen = ReadonlyMap<number, string | 'void'>;

export interface Observations {
  /** Messages whose publish was answered. */
  readonly acknowledged: {
    readonly seq: number;
    readonly draft: Draft;
    /** Whose keys are meant. */
    readonly sender: string;
  }[];
  /** The messages in the replies to readers. */
  readonly readings: Seen[];
  /** The messages in the replies to processes that look at a part of the log. */
  readonly looks: Seen[];
  readonly past: Past;
  /** The number before the first one that is published in this run. */
  readonly begin: number;
  /** Subscriptions with a reply: the messages up to `head` in the reply, and the live ones. */
  readonly subscriptions: (Subscribed & {
    readonly live: Seen;
    /** The numbers of live messages, each as often as it came. */
    readonly arrivals: readonly number[];
  })[];
  /** Processes that got an error. */
  readonly failures: readonly string[];
  /** The records of the log at the end. */
  readonly final: Seen;
  /** The order of this run. */
  readonly order: readonly Option[];
  readonly hasCrashed: boolean;
}

interface Subscribed {
  readonly head: number;
  /** The positions of processes that resume. */
  readonly recovered: boolean | undefined;
  readonly replayed: Seen;
  /** How many of the newest messages were asked for, and the position before them. */
  readonly newest: { readonly last: number; readonly after: number } | undefined;
}

const CHANNEL = 'open:explored';
export async function observe(
  processes: Readonly<Record<string, Process>>,
  {
    choose,
    crashes,
    mutant,
    past = 'nothing',
    crowd = 0,
    shards = 1,
  }: {
    choose: Chooser;
    crashes: number;
    mutant?: Mutant | undefined;
    past?: Past;
    /** Subscribers whose posts are not steps: with many, a publish is marked as sent. */
    crowd?: number;
    /** At the begin. */
    shards?: number;
  },
): Promise<Observations> {
  const ports = { ...memoryPorts(), containerPace: new TimelessPace() };
  const begin = await happened(past, ports);
  if (shards > 1) await ports.shards.grow(CHANNEL, 1, shards);
  for (const connectionId of Object.keys(processes)) {
    await ports.connections.open({ connectionId, expiresAt: NOW }, []);
  }

  for (let number = 1; number <= crowd; number++) {
    const row = { channel: CHANNEL, connectionId: `${OF_CROWD}${number}`, expiresAt: NOW };
    await ports.subscriptions.put(subscriptionFixture(row));
  }

  const failures: string[] = [];
  let workers = 0;
  const scheduler = new Scheduler();
  const observed = {
    acknowledged: [],
    readings: [],
    looks: [],
    begin,
    subscribed: new Map<string, Subscribed>(),
    position: past === 'a message' ? begin : 0,
  };
  for (const [name, process] of Object.entries(processes)) {
    // The memory ports do their work before they first wait, so a step is atomic.
    // A worker is a process of its own, and one that dies is started again.
    const start = async (task: DeliveryTask) => {
      workers += 1;
      const worker = `worker ${workers}`;
      scheduler.spare(worker);
      const own = steppedPorts(ports, (label, run) => scheduler.step(worker, label, run));
      // These workers do not make the channel narrower: a process of its own does.
      const wide = { ...own.shards, spread: async () => ({ count: 1, placedOver: 1 }) };
      const others = { shards: wide, claims: ports.claims, newestLate: ports.newestLate };
      deliver({ ...own, ...others }, task, worker).catch((error) => failures.push(`${worker}: ${error}`));
    };
    const deliveries = { ...ports.deliveries, start };
    const stepped = steppedPorts({ ...ports, deliveries }, (label, run) => scheduler.step(name, label, run));
    const mutated = mutant ? mutant(stepped, ports.channelLog.expire) : stepped;
    run(process, name, { ...ports, ...mutated }, observed).catch((error) =>
      failures.push(`${name}: ${error}`),
    );
  }
  const order = await scheduler.run(choose, crashes);

  const readings: Seen[] = [];
  await run({ does: 'read' }, 'last', ports, { ...observed, readings });
  const [final = new Map()] = readings;
  await run({ does: 'look', limit: 100 }, 'last', ports, observed);
  const subscriptions = [...observed.subscribed].map(([name, reply]) => ({
    ...reply,
    ...live(ports.posts, name),
  }));
  const hasCrashed = order.some(({ kind }) => kind === 'crash');
  return { ...observed, past, begin, failures, subscriptions, final, order, hasCrashed };
}

interface Observed {
  readonly acknowledged: Observations['acknowledged'];
  readonly readings: Seen[];
  readonly looks: Seen[];
  readonly begin: number;
  readonly subscribed: Map<string, Subscribed>;
  /** The messages that resuming processes have already. */
  readonly position: number;
}

/** Expired messages were published 25 hours ago, so that the clock of the run need not move. */
const EXPIRED_AT = NOW - 25 * 60 * 60 * 1000;

/** @returns the newest number, or the number that counting starts from if the channel has no message. */
async function happened(past: Past, { channelLog }: MemoryPorts): Promise<number> {
  if (past === 'nothing') return NOW;
  const time = past === 'a message' ? NOW : EXPIRED_AT;
  const { seq } = await channelLog.raise(CHANNEL, 1, time);
  const retention = { retentionMs: 24 * 60 * 60 * 1000 };
  await channelLog.write(CHANNEL, [{ seq, data: 'before', time }], retention);
  if (past === 'a message that expired') channelLog.expire(CHANNEL, seq);
  return seq;
}

async function run(process: Process, name: string, ports: ActionPorts, observed: Observed): Promise<void> {
  const { position } = observed;
  const client = process.does === 'publish' ? process.client : undefined;
  const ask = async (command: object): Promise<unknown> => {
    const session = sessionFixture({ connectionId: name, ...(client !== undefined && { client }) });
    const reply: unknown = JSON.parse(
      await answer(JSON.stringify(command), session, actionContext(openConfig, ports)),
    );
    const { success, output } = v.safeParse(refusal, reply);
    if (success) throw new Error(`was answered ${output.code}`);
    return reply;
  };

  if (process.does === 'publish') {
    await publishAll(process, client ?? name, ask, observed);
  } else if (process.does === 'subscribe' || process.does === 'join') {
    const begin = process.does === 'join' ? { last: process.last } : { after: position };
    observed.subscribed.set(name, await subscribed(begin, ask));
  } else if (process.does === 'grow') {
    await ports.shards.grow(CHANNEL, 1, 2);
  } else if (process.does === 'narrow') {
    const later = { ...ports, now: () => NOW + 2 * 60_000 };
    await narrow(later, CHANNEL, 1);
    await narrow(later, CHANNEL, 1);
  } else if (process.does === 'look') {
    const reply = await ask({ action: 'history', channel: CHANNEL, ...pageOf(process, observed) });
    observed.looks.push(seen(v.parse(actionSchemas.history.reply, reply).messages));
  } else {
    const reply = await ask({ action: 'history', channel: CHANNEL, after: position, limit: 100 });
    observed.readings.push(seen(v.parse(actionSchemas.history.reply, reply).messages));
  }
}

async function subscribed(
  { last, after }: { readonly last?: number | undefined; readonly after?: number },
  ask: (command: object) => Promise<unknown>,
): Promise<Subscribed> {
  const asked = await ask({ action: 'subscribe', channel: CHANNEL, last, after });
  const reply = v.parse(actionSchemas.subscribe.reply, asked);
  const { seq: head = 0, recovered, messages = [] } = reply;
  const newest = last === undefined ? undefined : { last, after: reply.after ?? Number.NaN };
  return { head, recovered, replayed: seen(messages), newest };
}

async function publishAll(
  { messages, times }: Extract<Process, { does: 'publish' }>,
  sender: string,
  ask: (command: object) => Promise<unknown>,
  { acknowledged }: Observed,
): Promise<void> {
  for (let time = 0; time < times; time++) {
    const reply = await ask({ action: 'publish', channel: CHANNEL, messages });
    const { seq = 0, seqs = [seq] } = v.parse(actionSchemas.publish.reply, reply);
    for (const [index, draft] of messages.entries())
      acknowledged.push({ seq: seqs[index] ?? 0, draft, sender });
  }
}

function pageOf({ skipping, limit }: Extract<Process, { does: 'look' }>, { begin }: Observed): object {
  return skipping === undefined ? { limit } : { after: begin + skipping, limit };
}

function live(posts: readonly { connectionId: string; frame: unknown }[], name: string) {
  const mine = posts.filter(({ connectionId }) => connectionId === name);
  const messages = mine
    .filter(({ frame }) => !v.is(closingEvent, frame))
    .flatMap(({ frame }) => v.parse(messagesEvent, frame).messages);
  return { live: seen(messages), arrivals: messages.map(({ seq = 0 }) => seq) };
}

function seen(records: readonly object[]): Seen {
  return new Map(records.map((record) => v.parse(numbered, record)).map(({ seq, data }) => [seq, data]));
}

const refusal = v.object({ event: v.literal('error'), code: v.string() });

const numbered = v.object({ seq: v.number(), data: v.optional(v.string(), 'void') });
