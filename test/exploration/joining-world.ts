/** One run: a connection subscribes to channels in frames, while others publish and the platform tells that it has ended. */

import { actionSchemas } from 'fanfare-protocol/actions';
import { messagesEvent } from 'fanfare-protocol/events';
import { CHANNELS_PER_CONNECTION } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { type ActionPorts, actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import { forget } from '../../lambdas/realtime/connections/membership.ts';
import type { Placement } from '../../lambdas/realtime/connections/subscription-store.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../memory/memory-ports.ts';
import { openConfig } from '../memory/open-config.ts';
import { TimelessPace } from '../memory/timeless-pace.ts';
import { type Chooser, type Option, Scheduler } from './scheduler.ts';
import { steppedPorts } from './stepped-ports.ts';

export type Process =
  /** A frame of the connection with a subscribe for each channel. */
  | { readonly subscribes: readonly string[] }
  /** Another connection publishes to a channel. */
  | { readonly publishes: string }
  /** `$disconnect`. */
  | { readonly ends: true };

interface Observations {
  /** The channels of the replies `subscribed`. */
  readonly subscribed: readonly string[];
  /** Acknowledged messages, and those that the connection got by a reply or a post, as channel and number. */
  readonly acknowledged: readonly string[];
  readonly received: ReadonlySet<string>;
  readonly isStored: boolean;
  /** Where the item of the connection says that it is, and where its rows are. */
  readonly placements: ReadonlySet<string>;
  readonly rows: readonly string[];
  readonly failures: readonly string[];
  readonly order: readonly Option[];
  readonly hasCrashed: boolean;
}

/** A mistake between the domain and its ports. */
export type Mutant = (ports: ActionPorts) => ActionPorts;

export const ME = 'me';
export interface Run {
  readonly choose: Chooser;
  readonly crashes: number;
  readonly mutant?: Mutant | undefined;
  /** In how many channels the connection is before the run. */
  readonly before?: number;
}

async function observe(
  processes: Readonly<Record<string, Process>>,
  { choose, crashes, mutant = (ports) => ports, before = 0 }: Run,
): Promise<Observations> {
  const ports = { ...memoryPorts(), containerPace: new TimelessPace() };
  for (const connectionId of [ME, ...Object.keys(processes)])
    await ports.connections.open({ connectionId, expiresAt: NOW }, []);
  for (let n = 0; n < before; n++)
    await ports.connections.addChannel(ME, { channel: `kept:${n}`, shard: 0 }, before);

  const scheduler = new Scheduler();
  const failures: string[] = [];
  const seen = { subscribed: [] as string[], acknowledged: [] as string[], received: new Set<string>() };
  for (const [name, process] of Object.entries(processes)) {
    const stepped = steppedPorts(ports, (label, run) => scheduler.step(name, label, run));
    run(process, name, mutant({ ...ports, ...stepped }), seen).catch((error) =>
      failures.push(`${name}: ${error}`),
    );
  }
  const order = await scheduler.run(choose, crashes);

  for (const { connectionId, frame } of ports.posts) {
    if (connectionId !== ME) continue;
    const { channel, messages } = v.parse(messagesEvent, frame);
    for (const { seq } of messages) seen.received.add(numberOf(channel, seq));
  }
  const rows = await rowsOf(ports, channelsOf(processes));
  const isStored = await ports.connections.isStored(ME);
  const placements = new Set((await ports.connections.remove(ME)).map(placeOf));
  const hasCrashed = order.some(({ kind }) => kind === 'crash');
  return { ...seen, isStored, placements, rows, failures, order, hasCrashed };
}

interface SeenSoFar {
  readonly subscribed: string[];
  readonly acknowledged: string[];
  readonly received: Set<string>;
}

async function run(process: Process, name: string, ports: ActionPorts, seen: SeenSoFar): Promise<void> {
  if ('ends' in process) return forget(ports, ME);
  const connectionId = 'subscribes' in process ? ME : name;
  const ask = async (frame: object): Promise<unknown> =>
    JSON.parse(
      await answer(JSON.stringify(frame), sessionFixture({ connectionId }), actionContext(openConfig, ports)),
    );
  if ('publishes' in process) {
    const { publishes: channel } = process;
    const { seq = 0 } = v.parse(
      actionSchemas.publish.reply,
      await ask({ action: 'publish', channel, data: name }),
    );
    seen.acknowledged.push(numberOf(channel, seq));
    return;
  }
  const commands = process.subscribes.map((channel) => ({ action: 'subscribe', channel, after: 0 }));
  for (const reply of v.parse(v.array(v.unknown()), await ask(commands))) {
    if (!v.is(actionSchemas.subscribe.reply, reply)) continue;
    const { channel, messages = [] } = reply;
    seen.subscribed.push(channel);
    for (const { seq } of messages) seen.received.add(numberOf(channel, seq));
  }
}

function channelsOf(processes: Readonly<Record<string, Process>>): readonly string[] {
  const all = Object.values(processes).flatMap((one) => ('subscribes' in one ? one.subscribes : []));
  return [...new Set(all)];
}

async function rowsOf(
  { subscriptions }: MemoryPorts,
  channels: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const channel of channels) {
    const page = await subscriptions.page({ channel, shard: 0 });
    found.push(...page.subscriptions.filter(({ connectionId }) => connectionId === ME).map(placeOf));
  }
  return found;
}

function placeOf({ channel, shard }: Placement): string {
  return `${channel}#${shard}`;
}

function numberOf(channel: string, seq: number | undefined): string {
  return `${channel} ${seq}`;
}

type Invariant = (observed: Observations, processes: Readonly<Record<string, Process>>) => boolean;

const invariants: Readonly<Record<string, Invariant>> = {
  'no process gets an error': ({ failures }) => failures.length === 0,
  'a stored connection names all its rows, so that forgetting it finds them': (seen) =>
    !seen.isStored || seen.rows.every((row) => seen.placements.has(row)),
  'without a crash, a connection that was forgotten has no rows': (seen) =>
    seen.isStored || seen.hasCrashed || seen.rows.length === 0,
  'who is told that it is subscribed has the row, as long as it is stored': (seen) =>
    !seen.isStored || seen.subscribed.every((channel) => seen.rows.includes(placeOf({ channel, shard: 0 }))),
  'without a crash, every subscribe is answered as such, as long as the connection is stored and has room': (
    seen,
    processes,
  ) =>
    !seen.isStored ||
    seen.hasCrashed ||
    seen.placements.size >= CHANNELS_PER_CONNECTION ||
    channelsOf(processes).every((channel) => seen.subscribed.includes(channel)),
  'a connection is in as many channels as it may be, and in no more': ({ placements }) =>
    placements.size <= CHANNELS_PER_CONNECTION,
  'a subscriber gets each acknowledged message, by its reply or by a post': (seen) =>
    !seen.isStored ||
    seen.acknowledged.every(
      (one) => !seen.subscribed.includes(one.split(' ')[0] ?? '') || seen.received.has(one),
    ),
};

/** @throws Error with the broken invariant and the order of the run. */
export async function check(processes: Readonly<Record<string, Process>>, run: Run): Promise<void> {
  const observed = await observe(processes, run);
  const broken = Object.entries(invariants).find(([, holds]) => !holds(observed, processes));
  if (!broken) return;
  const order = observed.order.map((option) =>
    option.kind === 'crash' ? `${option.process} crashes` : `${option.process} ${option.label}`,
  );
  throw new Error(`Broken: ${broken[0]}, when ${order.join(', ')}. ${observed.failures.join()}`);
}
