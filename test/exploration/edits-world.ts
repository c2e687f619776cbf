/** One run: processes that edit and delete messages of one channel, publish to it, subscribe and read. Between two acts, time passes. */

import { actionSchemas } from 'fanfare-protocol/actions';
import { errorEvent, messagesEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import { actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import type { FanfareConfig } from '../../lambdas/realtime/access/namespaces.ts';
import { deliver } from '../../lambdas/realtime/delivery/deliver.ts';
import type { DeliveryTask } from '../../lambdas/realtime/delivery/delivery-task.ts';
import { withContents } from '../../lambdas/realtime/log/contents.ts';
import type { EditRecord, LogRecord } from '../../lambdas/realtime/log/log-store.ts';
import type { PublishPorts } from '../../lambdas/realtime/log/publish.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../memory/memory-ports.ts';
import { TimelessPace } from '../memory/timeless-pace.ts';
import { type Chooser, type Option, Scheduler } from './scheduler.ts';
import { steppedPorts } from './stepped-ports.ts';

export type Process =
  /** Changes a message that was there before, by its place among these: once, or several times under one key. */
  | { readonly does: 'edit'; readonly place: number; readonly data: string; readonly times?: number }
  | { readonly does: 'remove'; readonly place: number; readonly times?: number }
  | { readonly does: 'publish'; readonly data: string }
  /** Resumes from before the first message. */
  | { readonly does: 'subscribe' }
  | { readonly does: 'read' };

export type Act = Readonly<Record<string, Process>>;

/** The ports of a process with a mistake in them. */
export type EditMutant = (ports: PublishPorts, memory: MemoryPorts) => PublishPorts;

export interface Circumstances {
  readonly choose: Chooser;
  /** In each act. */
  readonly crashes: number;
  readonly mutant?: EditMutant | undefined;
  /** How much time passes between two acts. Milliseconds. */
  readonly passingMs?: number;
}

/** A message or a void number as a reader sees it. */
export type Seen = v.InferOutput<typeof seen>;

/** An edit or a deletion that was answered. */
export interface Acknowledged {
  readonly process: string;
  readonly place: number;
  readonly data: string | undefined;
  readonly seq: number;
}

/** What a reader was told, and what had been answered when it began. */
export interface Reading {
  readonly records: readonly Seen[];
  readonly known: readonly Acknowledged[];
}

interface Subscriber extends Reading {
  readonly head: number;
  /** Whether it got everything from before its head. */
  readonly recovered: boolean;
  readonly live: readonly Seen[];
}

export interface Observations {
  /** The messages that were there before, in order. */
  readonly originals: readonly { readonly seq: number; readonly data: string }[];
  /** Each edit that was ever written, with its content. */
  readonly edits: readonly EditRecord[];
  readonly acknowledged: readonly Acknowledged[];
  readonly refused: readonly { readonly process: string; readonly place: number; readonly code: string }[];
  readonly readings: readonly Reading[];
  readonly subscribers: readonly Subscriber[];
  /** What a reader finds who comes when all is over, and what the table has then. */
  readonly last: Reading;
  readonly stored: readonly LogRecord[];
  readonly failures: readonly string[];
  readonly order: readonly Option[];
}

const CHANNEL = 'open:explored';
export const HOUR = 60 * 60 * 1000;
const RETENTION_HOURS = 24;

const users = {
  subscribe: 'signed-in',
  publish: 'signed-in',
  members: 'signed-in',
  history: { hours: RETENTION_HOURS },
  presence: 'none',
  edit: 'author',
} as const;

const config: FanfareConfig = { namespaces: { open: users }, builtIn: { '@all': users, '@user': users } };

/** What the processes of a run share. */
interface Stage {
  readonly memory: MemoryPorts;
  readonly originals: { readonly seq: number; readonly data: string }[];
  readonly edits: EditRecord[];
  readonly acknowledged: Acknowledged[];
  readonly refused: { readonly process: string; readonly place: number; readonly code: string }[];
  readonly readings: Reading[];
  readonly subscribed: Map<string, Omit<Subscriber, 'live'>>;
  readonly failures: string[];
  now: number;
}

/** @param before the publishes before the first act, each with its messages. */
export async function observe(
  before: readonly (readonly string[])[],
  acts: readonly Act[],
  circumstances: Circumstances,
): Promise<Observations> {
  const edits: EditRecord[] = [];
  const stage: Stage = {
    memory: noting(edits, memoryPorts()),
    originals: [],
    edits,
    acknowledged: [],
    refused: [],
    readings: [],
    subscribed: new Map(),
    failures: [],
    now: NOW,
  };
  for (const texts of before) await publishBefore(stage, texts);
  const order: Option[] = [];
  for (const [index, act] of acts.entries()) {
    if (index > 0) stage.now += circumstances.passingMs ?? 0;
    order.push(...(await play(stage, act, circumstances)));
  }
  await run({ does: 'read' }, 'last', stage.memory, stage);
  const last = stage.readings.pop();
  if (!last) throw new Error('The last reader got no messages');
  const subscribers = [...stage.subscribed].map(([name, reply]) => ({
    ...reply,
    live: liveOf(stage.memory, name),
  }));
  const stored = stage.memory.channelLog.bare(CHANNEL, { from: 0, to: Number.MAX_SAFE_INTEGER });
  return { ...stage, subscribers, last, stored, order };
}

async function publishBefore({ memory, originals, now }: Stage, texts: readonly string[]): Promise<void> {
  const { seq } = await memory.channelLog.raise(CHANNEL, texts.length, now);
  const first = seq - texts.length + 1;
  const messages = texts.map((data, index) => ({ seq: first + index, data, from: 'ann', time: now }));
  await memory.channelLog.write(CHANNEL, messages, { retentionMs: RETENTION_HOURS * HOUR });
  originals.push(...messages);
}

/** An act ends when all its processes have ended or died. */
async function play(stage: Stage, act: Act, { choose, crashes, mutant }: Circumstances) {
  const { memory, failures } = stage;
  const scheduler = new Scheduler();
  for (const [name, process] of Object.entries(act)) {
    await memory.connections.open({ connectionId: name, expiresAt: NOW }, []);
    const ports = { ...memory, deliveries: { ...memory.deliveries, start: startOn(stage, scheduler) } };
    const stepped = steppedPorts(ports, (label, step) => scheduler.step(name, label, step));
    const apart = { ...stepped, channelLog: { ...stepped.channelLog, read: readInParts(stepped, memory) } };
    const mutated = mutant ? mutant(apart, memory) : apart;
    run(process, name, mutated, stage).catch((error) => failures.push(`${name}: ${error}`));
  }
  return scheduler.run(choose, crashes);
}

/** A worker is a process of its own, and one that dies is started again. */
function startOn({ memory, failures }: Stage, scheduler: Scheduler) {
  return async (task: DeliveryTask) => {
    const worker = `worker of ${task.broadcast.id} ${failures.length}`;
    scheduler.spare(worker);
    const own = steppedPorts(memory, (label, step) => scheduler.step(worker, label, step));
    const others = { claims: memory.claims, newestLate: memory.newestLate };
    deliver({ ...own, ...others }, task, worker).catch((error) => failures.push(`${worker}: ${error}`));
  };
}

/** A page first, and then the content of its edits, each in a request of its own. */
function readInParts(
  { channelLog }: Pick<PublishPorts, 'channelLog'>,
  memory: MemoryPorts,
): PublishPorts['channelLog']['read'] {
  return async function* read(channel, range) {
    // The step of `head` takes its time, and returns nothing that matters here.
    await channelLog.head(channel);
    const page = [memory.channelLog.bare(channel, range)];
    yield* (await withContents(page, (seq) => channelLog.publishOf(channel, seq))).flat();
  };
}

/** The memory, which notes the edits that are written, with their content. */
function noting(edits: EditRecord[], memory: MemoryPorts): MemoryPorts {
  return {
    ...memory,
    containerPace: new TimelessPace(),
    channelLog: {
      ...memory.channelLog,
      async edit(channel, rewriting, retention) {
        const outcome = await memory.channelLog.edit(channel, rewriting, retention);
        if (outcome === 'written') edits.push(rewriting.edit);
        return outcome;
      },
    },
  };
}

type Ask = (command: object) => Promise<unknown>;

async function run(process: Process, name: string, ports: PublishPorts, stage: Stage): Promise<void> {
  const context = actionContext(config, { ...stage.memory, ...ports, now: () => stage.now });
  const session = sessionFixture({ connectionId: name, user: 'ann', connectedAt: stage.now });
  const ask: Ask = async (command) =>
    JSON.parse(await answer(JSON.stringify({ channel: CHANNEL, ...command }), session, context));
  const { does } = process;
  const known = [...stage.acknowledged];

  if (does === 'edit' || does === 'remove') return change(process, name, ask, stage);
  if (does === 'publish') return void (await ask({ action: 'publish', data: process.data }));
  const after = 0;
  if (does === 'read') {
    const { messages } = v.parse(actionSchemas.history.reply, await ask({ action: 'history', after }));
    stage.readings.push({ records: v.parse(v.array(seen), messages), known });
    return;
  }
  const reply = v.parse(actionSchemas.subscribe.reply, await ask({ action: 'subscribe', after }));
  const { seq: head = 0, recovered = false, messages = [] } = reply;
  const told = recovered ? known : [];
  stage.subscribed.set(name, { head, recovered, records: v.parse(v.array(seen), messages), known: told });
}

async function change(
  process: Extract<Process, { does: 'edit' | 'remove' }>,
  name: string,
  ask: Ask,
  { originals, acknowledged, refused }: Stage,
): Promise<void> {
  const { place, times = 1 } = process;
  const data = process.does === 'edit' ? process.data : undefined;
  const content = data === undefined ? { remove: true } : { data };
  const key = times > 1 ? { key: name } : {};
  for (let time = 0; time < times; time++) {
    const reply = await ask({ action: 'edit', seq: originals[place]?.seq, ...content, ...key });
    const { success, output } = v.safeParse(errorEvent, reply);
    if (success) refused.push({ process: name, place, code: output.code });
    else {
      const { seq } = v.parse(actionSchemas.edit.reply, reply);
      acknowledged.push({ process: name, place, data, seq });
    }
  }
}

function liveOf(memory: MemoryPorts, name: string): Seen[] {
  const frames = memory.posts.filter(({ connectionId }) => connectionId === name);
  return frames.flatMap(({ frame }) => v.parse(v.array(seen), v.parse(messagesEvent, frame).messages));
}

const seen = v.object({
  seq: v.number(),
  data: v.optional(v.nullable(v.string())),
  void: v.optional(v.literal(true)),
  removed: v.optional(v.literal(true)),
  replaces: v.optional(v.number()),
  edited: v.optional(v.number()),
});
