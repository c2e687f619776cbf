/** One run: frames of one connection join and leave channels of one group, while others publish, and the group or the connection ends. */

import { actionSchemas } from 'fanfare-protocol/actions';
import { messagesEvent } from 'fanfare-protocol/events';
import { CHANNELS_PER_GROUP } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { type ActionPorts, actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import { groupIn } from '../../lambdas/realtime/connections/grouping.ts';
import { forget } from '../../lambdas/realtime/connections/membership.ts';
import { narrow } from '../../lambdas/realtime/connections/narrowing.ts';
import { shardFor } from '../../lambdas/realtime/connections/sharding.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../memory/memory-ports.ts';
import { openConfig } from '../memory/open-config.ts';
import { TimelessPace } from '../memory/timeless-pace.ts';
import { type Chooser, type Option, Scheduler } from './scheduler.ts';
import { steppedPorts } from './stepped-ports.ts';

type Process =
  /** A frame of the connection with a subscribe for each channel. */
  | { readonly subscribes: readonly string[] }
  | { readonly unsubscribes: string }
  /** Another connection publishes to a channel. */
  | { readonly publishes: string }
  /** `$disconnect`. */
  | { readonly ends: true }
  /** A worker makes the group narrower, and looks again after a minute. */
  | { readonly narrows: true };

export interface Given {
  readonly processes: Readonly<Record<string, Process>>;
  /** The channels in which the connection is before the run. */
  readonly before?: readonly string[];
  /** The group has two shards, and the connection belongs into the second. */
  readonly isWide?: boolean;
}

/** A mistake between the domain and its ports. */
export type Mutant = (ports: ActionPorts) => ActionPorts;

export interface Run {
  readonly choose: Chooser;
  readonly crashes: number;
  readonly mutant?: Mutant | undefined;
}

/** Channels of one group. */
export const NAMES: readonly string[] = Array.from({ length: 4_000 }, (_, n) => `ticker:${n}`)
  .filter((channel, _index, [first = '']) => groupIn(openConfig, channel) === groupIn(openConfig, first))
  .slice(0, CHANNELS_PER_GROUP + 2);

export const GROUP = groupIn(openConfig, NAMES[0] ?? '') ?? '';

/** Its shard is the second of two. */
const ME = ['me', 'myself', 'i'].find((name) => shardFor(name, 2) === 1) ?? '';

interface Observations {
  readonly subscribed: ReadonlySet<string>;
  readonly unsubscribed: ReadonlySet<string>;
  /** Subscribes that were answered by an error. */
  readonly refused: ReadonlySet<string>;
  /** Acknowledged messages, and those that the connection got by a reply or a post, as channel and number. */
  readonly acknowledged: readonly string[];
  readonly received: ReadonlySet<string>;
  readonly posted: ReadonlySet<string>;
  readonly isStored: boolean;
  readonly isDisconnected: boolean;
  readonly namesGroup: boolean;
  /** The shards of the connection's rows, and how many are read. */
  readonly shards: readonly number[];
  readonly shardCount: number;
  /** The channels that its rows name. */
  readonly named: ReadonlySet<string>;
  readonly failures: readonly string[];
  readonly order: readonly Option[];
  readonly hasCrashed: boolean;
}

class World {
  private readonly ports = { ...memoryPorts(), containerPace: new TimelessPace() };
  private readonly scheduler = new Scheduler();
  private readonly failures: string[] = [];
  private readonly acknowledged: string[] = [];
  private readonly told = {
    subscribed: new Set<string>(),
    unsubscribed: new Set<string>(),
    refused: new Set<string>(),
    received: new Set<string>(),
  };

  async observe({ processes, before = [], isWide }: Given, run: Run): Promise<Observations> {
    const { ports, scheduler } = this;
    const { mutant = (unchanged) => unchanged } = run;
    for (const connectionId of [ME, ...Object.keys(processes)])
      await ports.connections.open({ connectionId, expiresAt: NOW }, []);
    if (isWide) await ports.shards.grow(GROUP, 1, 2);
    if (before.length > 0) await this.setOut(before);
    for (const [name, process] of Object.entries(processes)) {
      const stepped = steppedPorts(ports, (label, take) => scheduler.step(name, label, take));
      this.start(process, name, mutant({ ...ports, ...stepped })).catch((error) =>
        this.failures.push(`${name}: ${error}`),
      );
    }
    const order = await scheduler.run(run.choose, run.crashes);
    return { ...(await this.seen()), order, hasCrashed: order.some(({ kind }) => kind === 'crash') };
  }

  private async setOut(channels: readonly string[]): Promise<void> {
    const placement = { channel: GROUP, shard: 0 };
    const row = { ...placement, connectionId: ME, shardCount: 1, expiresAt: NOW };
    await this.ports.connections.addGroups(ME, [placement]);
    await this.ports.subscriptions.follow(row, channels, CHANNELS_PER_GROUP);
  }

  private async start(process: Process, name: string, ports: ActionPorts): Promise<void> {
    if ('ends' in process) return forget(ports, ME);
    if ('narrows' in process) {
      await narrow(ports, GROUP, 1);
      return narrow({ ...ports, now: () => NOW + 61_000 }, GROUP, 1);
    }
    if ('publishes' in process) return this.publish(process.publishes, name, ports);
    const [action, channels] =
      'subscribes' in process
        ? (['subscribe', process.subscribes] as const)
        : (['unsubscribe', [process.unsubscribes]] as const);
    const commands = channels.map((channel) => ({ action, channel, after: 0 }));
    const replies = v.parse(v.array(v.unknown()), await this.ask(ME, ports, commands));
    for (const [index, reply] of replies.entries()) this.hear(channels[index] ?? '', reply);
  }

  private hear(channel: string, reply: unknown): void {
    const { subscribed, unsubscribed, refused, received } = this.told;
    if (v.is(actionSchemas.unsubscribe.reply, reply)) unsubscribed.add(channel);
    else if (v.is(actionSchemas.subscribe.reply, reply)) {
      subscribed.add(channel);
      for (const { seq } of reply.messages ?? []) received.add(numberOf(channel, seq));
    } else refused.add(channel);
  }

  private async publish(channel: string, name: string, ports: ActionPorts): Promise<void> {
    const reply = await this.ask(name, ports, { action: 'publish', channel, data: name });
    this.acknowledged.push(numberOf(channel, v.parse(actionSchemas.publish.reply, reply).seq));
  }

  private async ask(connectionId: string, ports: ActionPorts, frame: object): Promise<unknown> {
    const session = sessionFixture({ connectionId });
    return JSON.parse(await answer(JSON.stringify(frame), session, actionContext(openConfig, ports)));
  }

  private async seen(): Promise<Omit<Observations, 'order' | 'hasCrashed'>> {
    const { ports, told, acknowledged, failures } = this;
    const posted = new Set<string>();
    for (const { connectionId, frame } of ports.posts) {
      if (connectionId !== ME || !v.is(messagesEvent, frame)) continue;
      for (const { seq } of frame.messages) posted.add(numberOf(frame.channel, seq));
    }
    const rows = await rowsOf(ports);
    const isStored = await ports.connections.isStored(ME);
    const placements = await ports.connections.remove(ME);
    return {
      ...told,
      acknowledged,
      failures,
      posted,
      isStored,
      isDisconnected: ports.disconnected.includes(ME),
      received: new Set([...told.received, ...posted]),
      namesGroup: rows.every(({ shard }) => placements.some((one) => one.shard === shard)),
      shards: rows.map(({ shard }) => shard),
      shardCount: await ports.shards.count(GROUP),
      named: new Set(rows.flatMap(({ names }) => names)),
    };
  }
}

async function rowsOf({ subscriptions }: MemoryPorts) {
  const rows: { readonly shard: number; readonly names: readonly string[] }[] = [];
  for (const shard of [0, 1]) {
    const page = await subscriptions.page({ channel: GROUP, shard });
    if (page.subscriptions.some(({ connectionId }) => connectionId === ME))
      rows.push({ shard, names: await subscriptions.followed(ME, { channel: GROUP, shard }) });
  }
  return rows;
}

function numberOf(channel: string, seq: number | undefined): string {
  return `${channel} ${seq}`;
}

function channelOf(number: string): string {
  return number.split(' ')[0] ?? '';
}

/** The channels in which the connection is at the end: it was there or is told so, and has not asked to leave them. */
function staying({ subscribed }: Observations, { processes, before = [] }: Given): readonly string[] {
  const left = Object.values(processes).flatMap((one) => ('unsubscribes' in one ? [one.unsubscribes] : []));
  return [...new Set([...before, ...subscribed])].filter((channel) => !left.includes(channel));
}

/** The connection is there, and the server has not closed it. */
function stays({ isStored, isDisconnected }: Observations): boolean {
  return isStored && !isDisconnected;
}

type Invariant = (seen: Observations, given: Given) => boolean;

const invariants: Readonly<Record<string, Invariant>> = {
  'no process fails': ({ failures }) => failures.length === 0,
  'a stored connection names the shards of its rows, so that forgetting it finds them': (seen) =>
    !seen.isStored || seen.namesGroup,
  'without a crash, a connection that was forgotten has no row': (seen) =>
    seen.isStored || seen.hasCrashed || seen.shards.length === 0,
  'a connection has one row in a group': ({ shards }) => shards.length <= 1,
  'the row names every channel in which the connection is, as long as it is stored': (seen, given) =>
    !stays(seen) || staying(seen, given).every((channel) => seen.named.has(channel)),
  'the row names no channel that was left': (seen, { processes }) =>
    [...seen.unsubscribed].every(
      (channel) =>
        !seen.named.has(channel) ||
        Object.values(processes).some((one) => 'subscribes' in one && one.subscribes.includes(channel)),
    ),
  'the row names only channels for which the connection has asked': (seen, { processes, before = [] }) => {
    const asked = Object.values(processes).flatMap((one) => ('subscribes' in one ? one.subscribes : []));
    return [...seen.named].every((channel) => [...before, ...asked].includes(channel));
  },
  'the row names as many channels as it may, and no more': ({ named }) => named.size <= CHANNELS_PER_GROUP,
  'without a crash, a subscribe is refused only if the connection ends, has to come again, or has no room': (
    seen,
  ) => seen.hasCrashed || !stays(seen) || seen.refused.size === 0 || seen.named.size === CHANNELS_PER_GROUP,
  'a subscriber gets each acknowledged message, by its reply or by a post': (seen, given) =>
    !stays(seen) ||
    seen.acknowledged.every(
      (one) => !staying(seen, given).includes(channelOf(one)) || seen.received.has(one),
    ),
  'only channels for which the connection has asked are posted to it': (seen, { processes, before = [] }) => {
    const asked = Object.values(processes).flatMap((one) => ('subscribes' in one ? one.subscribes : []));
    return [...seen.posted].every((one) => [...before, ...asked].includes(channelOf(one)));
  },
  'a subscriber is in a shard that deliveries read': (seen, given) =>
    !stays(seen) ||
    staying(seen, given).length === 0 ||
    seen.shards.every((shard) => shard < seen.shardCount),
};

/** @throws Error with the broken invariant and the order of the run. */
export async function check(given: Given, run: Run): Promise<void> {
  const seen = await new World().observe(given, run);
  const broken = Object.entries(invariants).find(([, holds]) => !holds(seen, given));
  if (!broken) return;
  const order = seen.order.map((option) =>
    option.kind === 'crash' ? `${option.process} crashes` : `${option.process} ${option.label}`,
  );
  throw new Error(`Broken: ${broken[0]}, when ${order.join(', ')}. ${seen.failures.join()}`);
}
