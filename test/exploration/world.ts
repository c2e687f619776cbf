/** One run: processes that publish, subscribe and read on one channel, and what each of them saw. */

import * as v from 'valibot';
import { type ActionPorts, actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import { deliver } from '../../lambdas/realtime/deliver.ts';
import type { DeliveryTask } from '../../lambdas/realtime/delivery-task.ts';
import type { FanfareConfig } from '../../lambdas/realtime/namespaces.ts';
import { actionSchemas } from '../../protocol/actions.ts';
import { messagesEvent } from '../../protocol/events.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { memoryPorts, NOW } from '../memory/memory-ports.ts';
import type { Mutant } from './mutants.ts';
import { type Chooser, type Option, Scheduler } from './scheduler.ts';
import { steppedPorts } from './stepped-ports.ts';

/** What one process does; every process has a connection of its own. */
export type Process =
  | {
      readonly does: 'publish';
      readonly messages: readonly Draft[];
      /** The anonymous client whose connection it is; without it, its keys are those of its connection. */
      readonly client?: string;
      /** How often it publishes the same, each time after the reply to the time before. */
      readonly times: number;
    }
  | { readonly does: 'subscribe' }
  | { readonly does: 'read' }
  /** Doubles the shards over which the subscriptions are spread. */
  | { readonly does: 'grow' };

export interface Draft {
  readonly data: string;
  readonly key?: string;
}

/** A number and what stands there: a message's data, or void. */
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
  /** What came in the replies to those who read. */
  readonly readings: Seen[];
  /** Subscriptions that were answered: up to `head` by the reply, and what came live. */
  readonly subscriptions: {
    readonly head: number;
    readonly replayed: Seen;
    readonly live: Seen;
    /** The numbers of what came live, each as often as it came. */
    readonly arrivals: readonly number[];
  }[];
  /** Processes that got an error. */
  readonly failures: readonly string[];
  /** What stands in the log in the end, for everyone. */
  readonly final: Seen;
  /** The order of this run. */
  readonly order: readonly Option[];
}

/** Where subscribers resume from: the channel's begin. */
export const POSITION = NOW;

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
  { choose, crashes, mutant }: { choose: Chooser; crashes: number; mutant?: Mutant | undefined },
): Promise<Observations> {
  const ports = memoryPorts();
  await ports.channelLog.begin(CHANNEL, NOW);
  for (const connectionId of Object.keys(processes)) {
    await ports.connections.open({ connectionId, expiresAt: NOW }, []);
  }

  const failures: string[] = [];
  let workers = 0;
  const scheduler = new Scheduler();
  const observed = {
    acknowledged: [],
    readings: [],
    subscribed: new Map<string, { head: number; replayed: Seen }>(),
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
  return { ...observed, failures, subscriptions, final, order };
}

interface Observed {
  readonly acknowledged: Observations['acknowledged'];
  readonly readings: Seen[];
  readonly subscribed: Map<string, { head: number; replayed: Seen }>;
}

async function run(process: Process, name: string, ports: ActionPorts, observed: Observed): Promise<void> {
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
  } else if (process.does === 'subscribe') {
    const reply = await ask({ action: 'subscribe', channel: CHANNEL, after: POSITION });
    const { seq = 0, messages = [] } = v.parse(actionSchemas.subscribe.reply, reply);
    observed.subscribed.set(name, { head: seq, replayed: seen(messages) });
  } else if (process.does === 'grow') {
    await ports.shards.grow(CHANNEL, 1, 2);
  } else {
    const reply = await ask({ action: 'history', channel: CHANNEL, after: POSITION, limit: 100 });
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
