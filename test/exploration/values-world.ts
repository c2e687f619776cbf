/** One run: processes that set, claim and remove values of one channel, and that read snapshots of it. Between two acts, time passes. */

import { actionSchemas } from 'fanfare-protocol/actions';
import { errorEvent, messagesEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import { actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import type { FanfareConfig } from '../../lambdas/realtime/access/namespaces.ts';
import { requiredLogOf } from '../../lambdas/realtime/log/channel-log.ts';
import type { MessageRecord } from '../../lambdas/realtime/log/log-store.ts';
import type { PublishPorts } from '../../lambdas/realtime/log/publish.ts';
import { snapshot } from '../../lambdas/realtime/log/snapshot.ts';
import { isNamed, type ValueRecord } from '../../lambdas/realtime/log/value-store.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../memory/memory-ports.ts';
import { TimelessPace } from '../memory/timeless-pace.ts';
import { laggingValues } from './lagging-values.ts';
import { type Chooser, type Option, Scheduler } from './scheduler.ts';
import { steppedPorts } from './stepped-ports.ts';

export interface Draft {
  readonly name: string;
  readonly data?: string;
  readonly remove?: true;
  readonly key?: string;
  /** `read`: the newest message, which the process reads before. */
  readonly ifSeq?: number | 'read';
}

export type Process =
  /** Publishes the messages together, once or several times. */
  | { readonly does: 'publish'; readonly messages: readonly Draft[]; readonly times?: number }
  /** Subscribes with `values`, and reads all pages. */
  | { readonly does: 'subscribe' }
  /** Subscribes, and reads pages with room for one value each. */
  | { readonly does: 'page' }
  /** Reads the log, and settles it. */
  | { readonly does: 'read' }
  /** Deletes a row, as TTL does. */
  | { readonly does: 'expire'; readonly name: string };

export type Act = Readonly<Record<string, Process>>;

/** The ports of a process with a mistake in them. */
export type ValueMutant = (ports: PublishPorts, memory: MemoryPorts) => PublishPorts;

export interface Circumstances {
  readonly choose: Chooser;
  /** In each act. */
  readonly crashes: number;
  readonly mutant?: ValueMutant | undefined;
  /** How much time passes between two acts. Milliseconds. */
  readonly passingMs?: number;
}

interface Attempt {
  readonly draft: Draft;
  /** The `ifSeq` that was sent. */
  readonly wanted: number | undefined;
}

export interface Subscriber {
  /** The position from which everything later arrives. */
  readonly head: number;
  readonly values: readonly ValueRecord[];
  readonly live: readonly ValueRecord[];
}

export interface Observations {
  /** Every named message that was ever written, by its number. */
  readonly log: readonly ValueRecord[];
  readonly acknowledged: readonly (Attempt & { readonly seq: number })[];
  readonly conflicts: readonly (Attempt & { readonly current: ValueRecord | null })[];
  readonly subscribers: readonly Subscriber[];
  /** What a reader finds who comes when all is over. */
  readonly last: Subscriber;
  readonly failures: readonly string[];
  readonly order: readonly Option[];
  /** Messages before this have expired as values. Milliseconds since 1970. */
  readonly oldest: number;
}

const CHANNEL = 'open:explored';
export const HOUR = 60 * 60 * 1000;
const HISTORY_HOURS = 24;
const KEPT_HOURS = 48;

const anyone = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: HISTORY_HOURS },
  presence: 'none',
  values: { hours: KEPT_HOURS },
} as const;

const config: FanfareConfig = { namespaces: { open: anyone }, builtIn: { '@all': anyone, '@user': anyone } };

/** What the processes of a run share. */
interface Stage {
  readonly memory: MemoryPorts;
  readonly log: Map<number, ValueRecord>;
  readonly acknowledged: (Attempt & { readonly seq: number })[];
  readonly conflicts: (Attempt & { readonly current: ValueRecord | null })[];
  readonly subscribed: Map<string, Pick<Subscriber, 'head' | 'values'>>;
  readonly failures: string[];
  now: number;
}

export async function observe(acts: readonly Act[], circumstances: Circumstances): Promise<Observations> {
  const stage: Stage = {
    memory: { ...memoryPorts(), containerPace: new TimelessPace() },
    log: new Map(),
    acknowledged: [],
    conflicts: [],
    subscribed: new Map(),
    failures: [],
    now: NOW,
  };
  const order: Option[] = [];
  for (const [index, act] of acts.entries()) {
    if (index > 0) pass(stage, circumstances.passingMs ?? 0);
    order.push(...(await play(stage, act, circumstances)));
  }
  await stage.memory.connections.open({ connectionId: 'last', expiresAt: NOW }, []);
  await run({ does: 'subscribe' }, 'last', notedPorts(stage), stage);
  const subscribers = [...stage.subscribed].map(([name, reply]) => ({
    ...reply,
    live: liveOf(stage.memory, name),
  }));
  const last = subscribers.pop();
  if (!last) throw new Error('The last reader got no values');
  const log = [...stage.log.values()].toSorted((one, other) => one.seq - other.seq);
  return { ...stage, log, subscribers, last, order, oldest: stage.now - KEPT_HOURS * HOUR };
}

/** Time passes only while no run of a function is under way, because each of them ends within a minute. */
function pass(stage: Stage, ms: number): void {
  const { memory, log } = stage;
  stage.now += ms;
  if (ms > HISTORY_HOURS * HOUR) for (const seq of log.keys()) memory.channelLog.expire(CHANNEL, seq);
}

/** An act ends when all its processes have ended or died. */
async function play(stage: Stage, act: Act, { choose, crashes, mutant }: Circumstances) {
  const { memory, failures } = stage;
  const scheduler = new Scheduler();
  const ports = notedPorts(stage);
  const values = laggingValues(ports.values, scheduler);
  for (const [name, process] of Object.entries(act)) {
    await memory.connections.open({ connectionId: name, expiresAt: NOW }, []);
    const stepped = steppedPorts({ ...ports, values }, (label, step) => scheduler.step(name, label, step));
    const mutated = mutant ? mutant(stepped, memory) : stepped;
    run(process, name, mutated, stage).catch((error) => failures.push(`${name}: ${error}`));
  }
  return scheduler.run(choose, crashes);
}

/** Notes the named messages that are written. */
function notedPorts({ memory, log }: Stage): PublishPorts {
  const note = (records: readonly MessageRecord[]) => {
    for (const record of records) if (isNamed(record)) log.set(record.seq, record);
  };
  return {
    ...memory,
    channelLog: {
      ...memory.channelLog,
      async write(channel, messages, retention) {
        const isWritten = await memory.channelLog.write(channel, messages, retention);
        if (isWritten) note(messages);
        return isWritten;
      },
    },
    values: {
      ...memory.values,
      async write(channel, messages, settings, kept) {
        const outcome = await memory.values.write(channel, messages, settings, kept);
        if (outcome.kind === 'written') note(messages);
        return outcome;
      },
    },
  };
}

type Ask = (command: object) => Promise<unknown>;

async function run(process: Process, name: string, ports: PublishPorts, stage: Stage): Promise<void> {
  const own = { ...stage.memory, ...ports, now: () => stage.now };
  const context = actionContext(config, own);
  const session = sessionFixture({ connectionId: name, user: name, connectedAt: stage.now });
  const ask: Ask = async (command) =>
    JSON.parse(await answer(JSON.stringify({ channel: CHANNEL, ...command }), session, context));

  if (process.does === 'publish') await publishAll(process, ask, stage);
  else if (process.does === 'expire') stage.memory.values.expire(CHANNEL, process.name);
  else if (process.does === 'read') await ask({ action: 'history', after: 0 });
  else if (process.does === 'subscribe')
    stage.subscribed.set(name, await snapshotBy(ask, { action: 'subscribe', values: true }));
  else {
    await ask({ action: 'subscribe' });
    stage.subscribed.set(name, await pagesOfOne(own));
  }
}

const page = v.object({ ...actionSchemas.values.reply.entries, event: v.string() });

async function snapshotBy(ask: Ask, first: object): Promise<Pick<Subscriber, 'head' | 'values'>> {
  let reply = v.parse(page, await ask(first));
  const { seq: head } = reply;
  const values = recordsOf(reply.values);
  while (reply.next !== undefined) {
    reply = v.parse(page, await ask({ action: 'values', cursor: reply.next }));
    values.push(...recordsOf(reply.values));
  }
  return { head, values };
}

async function pagesOfOne(ports: PublishPorts): Promise<Pick<Subscriber, 'head' | 'values'>> {
  const log = requiredLogOf(ports, CHANNEL, anyone);
  const values: ValueRecord[] = [];
  let { seq: head, next }: { seq?: number; next?: string | undefined } = {};
  do {
    let left = 1;
    const taking = { take: () => left-- > 0, left: 1_000 };
    const found = await snapshot(log, next, taking);
    head ??= found.seq;
    values.push(...found.values);
    next = found.next;
  } while (next !== undefined);
  return { head, values };
}

async function publishAll(
  { messages, times = 1 }: Extract<Process, { does: 'publish' }>,
  ask: Ask,
  stage: Stage,
): Promise<void> {
  for (let time = 0; time < times; time++) {
    const attempts = await attemptsOf(messages, ask);
    const drafts = attempts.map(({ draft, wanted: ifSeq }) => ({ ...draft, ifSeq }));
    const reply = await ask({ action: 'publish', messages: drafts });
    if (v.is(errorEvent, reply)) noteConflict(reply, attempts, stage);
    else {
      const { seq = 0, seqs = [seq] } = v.parse(actionSchemas.publish.reply, reply);
      for (const [index, attempt] of attempts.entries())
        stage.acknowledged.push({ ...attempt, seq: seqs[index] ?? 0 });
    }
  }
}

async function attemptsOf(messages: readonly Draft[], ask: Ask): Promise<readonly Attempt[]> {
  if (messages.every(({ ifSeq }) => ifSeq !== 'read'))
    return messages.map((draft) => ({ draft, wanted: draft.ifSeq === 'read' ? undefined : draft.ifSeq }));
  const { values } = await snapshotBy(ask, { action: 'values' });
  const newestOf = (name: string) =>
    values.filter((value) => value.name === name).reduce((newest, { seq }) => Math.max(newest, seq), 0);
  return messages.map((draft) => ({ draft, wanted: newestOf(draft.name) }));
}

function noteConflict(
  { code, index = 0, current }: v.InferOutput<typeof errorEvent>,
  attempts: readonly Attempt[],
  { conflicts }: Stage,
): void {
  const attempt = attempts[index];
  if (code !== 'conflict' || !attempt || current === undefined) throw new Error(`was answered ${code}`);
  conflicts.push({ ...attempt, current: current && recordOf(current) });
}

function liveOf(memory: MemoryPorts, name: string): ValueRecord[] {
  const frames = memory.posts.filter(({ connectionId }) => connectionId === name);
  const messages = frames.flatMap(({ frame }) => v.parse(messagesEvent, frame).messages);
  return messages.flatMap((message) => {
    const { success, output } = v.safeParse(named, message);
    return success ? recordOf(output) : [];
  });
}

const named = v.object({
  seq: v.number(),
  name: v.string(),
  data: v.nullable(v.string()),
  time: v.number(),
  removed: v.optional(v.literal(true)),
});

const recordOf = (value: unknown): ValueRecord => {
  const { removed, ...rest } = v.parse(named, value);
  return { ...rest, ...(removed && { removed }) };
};

const recordsOf = (values: readonly unknown[]): ValueRecord[] => values.map(recordOf);
