/** One run: processes that publish, subscribe and read on one channel, and what each of them saw. */

import { actionSchemas } from 'fanfare-protocol/actions';
import { messagesEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import { type ActionPorts, actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import type { FanfareConfig } from '../../lambdas/realtime/access/namespaces.ts';
import { deliver } from '../../lambdas/realtime/delivery/deliver.ts';
import type { DeliveryTask } from '../../lambdas/realtime/delivery/delivery-task.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../memory/memory-ports.ts';
import type { Mutant } from './mutants.ts';
import { type Chooser, type Option, Scheduler } from './scheduler.ts';
import { steppedPorts } from './stepped-ports.ts';

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
  /** Subscribes without a position. */
  | { readonly does: 'join' }
  | { readonly does: 'read' }
  /** Doubles the shards over which the subscriptions are spread. */
  | { readonly does: 'grow' };

interface Draft {
  readonly data: string;
  readonly key?: string;
}

/** The channel before the run: without a message, with a kept message, or with a message that has expired and was deleted. */
export type Past = 'nothing' | 'a message' | 'a message that expired';

/** A number with its record: a message's data, or void. */
export type Seen = ReadonlyMap<number, string | 'void'>;

export interface Observations {
  /** Publishes that were answered. */
  readonly acknowledged: {
    readonly seq: number;
    readonly last: Draft;
    readonly count: number;
    /** Whose keys are meant. */
    readonly sender: string;
  }[];
  /** The messages in the replies to readers. */
  readonly readings: Seen[];
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
}

interface Subscribed {
  readonly head: number;
  /** The positions of processes that resume. */
  readonly recovered: boolean | undefined;
  readonly replayed: Seen;
}

const CHANNEL = 'open:explored';
const EVERYONE = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: 24 },
  presence: 'none',
} as const;
const config: FanfareConfig = {
  namespaces: { open: EVERYONE },
  builtIn: { '@all': EVERYONE, '@user': EVERYONE },
};

export async function observe(
  processes: Readonly<Record<string, Process>>,
  {
    choose,
    crashes,
    mutant,
    past = 'nothing',
  }: { choose: Chooser; crashes: number; mutant?: Mutant | undefined; past?: Past },
): Promise<Observations> {
  const ports = memoryPorts();
  const begin = await happened(past, ports);
  for (const connectionId of Object.keys(processes)) {
    await ports.connections.open({ connectionId, expiresAt: NOW }, []);
  }

  const failures: string[] = [];
  let workers = 0;
  const scheduler = new Scheduler();
  const observed = {
    acknowledged: [],
    readings: [],
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
      deliver({ ...own, claims: ports.claims }, task, worker).catch((error) =>
        failures.push(`${worker}: ${error}`),
      );
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
  const subscriptions = [...observed.subscribed].map(([name, reply]) => ({
    ...reply,
    ...live(ports.posts, name),
  }));
  return { ...observed, past, begin, failures, subscriptions, final, order };
}

interface Observed {
  readonly acknowledged: Observations['acknowledged'];
  readonly readings: Seen[];
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
  await channelLog.write(CHANNEL, [{ record: { seq, data: 'before', time } }], retention);
  if (past === 'a message that expired') channelLog.expire(CHANNEL, seq);
  return seq;
}

async function run(process: Process, name: string, ports: ActionPorts, observed: Observed): Promise<void> {
  const { position } = observed;
  const client = process.does === 'publish' ? process.client : undefined;
  const ask = async (command: object): Promise<unknown> =>
    JSON.parse(
      await answer(
        JSON.stringify(command),
        sessionFixture({ connectionId: name, ...(client !== undefined && { client }) }),
        actionContext(config, ports),
      ),
    );

  if (process.does === 'publish') {
    const { messages, times } = process;
    const last = messages.at(-1);
    for (let time = 0; last && time < times; time++) {
      const reply = await ask({ action: 'publish', channel: CHANNEL, messages });
      const { seq = 0 } = v.parse(actionSchemas.publish.reply, reply);
      observed.acknowledged.push({ seq, last, count: messages.length, sender: client ?? name });
    }
  } else if (process.does === 'subscribe' || process.does === 'join') {
    const after = process.does === 'join' ? {} : { after: position };
    const reply = await ask({ action: 'subscribe', channel: CHANNEL, ...after });
    const { seq = 0, recovered, messages = [] } = v.parse(actionSchemas.subscribe.reply, reply);
    observed.subscribed.set(name, { head: seq, recovered, replayed: seen(messages) });
  } else if (process.does === 'grow') {
    await ports.shards.grow(CHANNEL, 1, 2);
  } else {
    const reply = await ask({ action: 'history', channel: CHANNEL, after: position, limit: 100 });
    observed.readings.push(seen(v.parse(actionSchemas.history.reply, reply).messages));
  }
}

function live(posts: readonly { connectionId: string; frame: unknown }[], name: string) {
  const mine = posts.filter(({ connectionId }) => connectionId === name);
  const messages = mine.flatMap(({ frame }) => v.parse(messagesEvent, frame).messages);
  return { live: seen(messages), arrivals: messages.map(({ seq = 0 }) => seq) };
}

function seen(records: readonly object[]): Seen {
  return new Map(records.map((record) => v.parse(numbered, record)).map(({ seq, data }) => [seq, data]));
}

const numbered = v.object({ seq: v.number(), data: v.optional(v.string(), 'void') });
