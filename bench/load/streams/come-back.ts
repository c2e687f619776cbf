/** Clients of rooms that go and come back: how far the readers of the streams are behind. */

import { ENTRIES_PER_CALL } from '../../../lambdas/aws/event-bridge.ts';
import { SUBJECTS_IN_FLIGHT } from '../../../lambdas/events/stream-event.ts';
import { type FunctionManifest, manifest } from '../../../lambdas/manifest/manifest.ts';
import type { Placement } from '../../../lambdas/realtime/connections/subscription-store.ts';
import { visitInFlight } from '../../../lambdas/realtime/in-flight.ts';
import { type OccupancyPorts, settleOccupancy } from '../../../lambdas/realtime/lifecycle/occupancy.ts';
import { randomFrom } from '../../../packages/local/src/seeded-random.ts';
import { connectionIdOf } from '../../simulator/crowd.ts';
import { withSeededMath } from '../../simulator/seeded-math.ts';
import { percentile } from '../load-tally.ts';
import { delayed } from './delayed.ts';
import { PresenceWorld, type StageSize } from './presence-world.ts';
import type { StreamChange, StreamReader } from './stream-reader.ts';

export interface ComeBack extends StageSize {
  readonly clients: number;
  readonly room: number;
  /**
   * - `outage`: all go at one moment, and come back as fast as handshakes are let through
   * - `rotation`: each opens its next connection and then closes the one before
   */
  readonly kind: 'outage' | 'rotation';
  /** New connections in a second. Without a limit, all come at one moment. */
  readonly perSecond: number;
}

export type StreamName = 'connection-events' | 'channel-events' | 'presence';

export interface Lag {
  /** Milliseconds from a change until its reader has handled it. */
  readonly p99Ms: number;
  readonly longestMs: number;
}

export interface ComeBackFigures {
  readonly lags: Readonly<Record<StreamName, Lag>>;
  readonly posts: number;
  readonly executions: number;
  /** From the first who comes until the last observer is told of the last who came. Milliseconds. */
  readonly toldMs: number;
}

export async function runComeBack(
  scenario: ComeBack,
  conditions: { readonly cpuMicrosPerPost: number; readonly seed: number },
): Promise<ComeBackFigures> {
  const crowd = new ReturningCrowd(scenario, conditions);
  return withSeededMath(randomFrom(conditions.seed), () => crowd.run());
}

interface Change extends StreamChange {
  readonly channel: string;
}

/** An open connection of a client, with its rows in its room and in its own channel. */
interface Open {
  readonly connectionId: string;
  readonly rows: readonly Placement[];
}

/** How long a client's old connection is open beside the new one. Milliseconds. */
const OVERLAP_MS = 300;

const ROTATED_FOR_MS = 5 * 60_000;

class ReturningCrowd {
  private readonly scenario: ComeBack;
  private readonly world: PresenceWorld;
  private readonly connections: StreamReader<StreamChange>;
  private readonly channels: StreamReader<Change>;
  private readonly open: Open[] = [];
  private opened = 0;

  constructor(scenario: ComeBack, conditions: { readonly cpuMicrosPerPost: number; readonly seed: number }) {
    this.scenario = scenario;
    this.world = new PresenceWorld({ ...scenario, ...conditions });
    const { shards, batchesPerShard } = scenario;
    const { clock } = this.world;
    const call = this.world.sample('invoke');
    const stream = (reader: StreamName) => ({ shards, batchesPerShard, gatherMs: gatherMsOf(reader) });
    this.connections = this.world.readerOf(stream('connection-events'), async (_environment, batch) => {
      for (let sent = 0; sent < batch.length; sent += ENTRIES_PER_CALL) await clock.pause(call());
      return [];
    });
    const ports = this.occupancyPorts(call);
    this.channels = this.world.readerOf(stream('channel-events'), async (_environment, batch) => {
      const failed = new Set<string>();
      await visitInFlight([...new Set(batch.map(({ channel }) => channel))], SUBJECTS_IN_FLIGHT, (channel) =>
        settleOccupancy(ports, channel).catch(() => void failed.add(channel)),
      );
      return batch.filter(({ channel }) => failed.has(channel));
    });
  }

  async run(): Promise<ComeBackFigures> {
    const { world, scenario } = this;
    const { clock, told, desk, pool, reader } = world;
    await this.settle();
    const startedAt = clock.now();
    await clock.run(scenario.kind === 'outage' ? this.outage() : this.rotation());
    return {
      lags: {
        'connection-events': lagOf(this.connections),
        'channel-events': lagOf(this.channels),
        presence: lagOf(reader),
      },
      posts: desk.posts,
      executions: pool.peakWanted,
      toldMs: Math.max(startedAt, ...told.at.values()) - startedAt,
    };
  }

  /** Everyone is there, and the readers have stored it. */
  private async settle(): Promise<void> {
    const { presence, occupancy } = this.world.stores;
    for (let client = 0; client < this.scenario.clients; client++) {
      const [room, own] = this.channelsOf(client);
      const { connectionId } = await this.place(client);
      const user = userOf(client);
      const here = { state: 'here', until: 0, version: 1, announced: 1, reported: 1, revision: 1 } as const;
      const connections = new Map([[connectionId, Date.UTC(2027, 0, 1) / 1000]]);
      await presence.write({ channel: room, user }, { ...here, connections }, 0);
      await presence.announced({ channel: room, user }, 1, true);
      for (const channel of [room, own]) {
        await occupancy.change(channel, undefined, { occupied: true, version: 1 });
        await occupancy.tell(channel, { occupied: true, version: 1, told: 1 });
      }
    }
  }

  private async outage(): Promise<void> {
    const { clock } = this.world;
    const { clients, perSecond } = this.scenario;
    for (let client = 0; client < clients; client++) this.close(client, this.open[client]);
    const startedAt = clock.now();
    for (let client = 0; client < clients; client++) {
      const at = startedAt + (client * 1000) / perSecond;
      if (at > clock.now()) await clock.pause(at - clock.now());
      await this.connect(client);
    }
  }

  private async rotation(): Promise<void> {
    const { clock } = this.world;
    const { clients, perSecond } = this.scenario;
    const endsAt = clock.now() + ROTATED_FOR_MS;
    for (let client = 0; clock.now() < endsAt; client = (client + 1) % clients) {
      await clock.pause((-1000 * Math.log(1 - this.world.random())) / perSecond);
      const before = this.open[client];
      await this.connect(client);
      clock.at(clock.now() + OVERLAP_MS, () => this.close(client, before));
    }
  }

  private async connect(client: number): Promise<void> {
    this.tell(client, await this.place(client));
  }

  private close(client: number, open: Open | undefined): void {
    if (!open) return;
    for (const placement of open.rows) this.world.rows.unsubscribe(open.connectionId, placement);
    this.tell(client, open);
  }

  private async place(client: number): Promise<Open> {
    const connectionId = connectionIdOf(this.opened);
    this.opened += 1;
    const rows: Placement[] = [];
    for (const channel of this.channelsOf(client))
      rows.push(await this.world.rows.subscribe(channel, connectionId, userOf(client)));
    const open = { connectionId, rows };
    this.open[client] = open;
    return open;
  }

  /** The streams report that a connection and its rows have come or gone. */
  private tell(client: number, { connectionId, rows }: Open): void {
    this.connections.put({ item: connectionId });
    for (const { channel } of rows) this.channels.put({ item: `${channel}/${connectionId}`, channel });
    const [placement] = rows;
    if (placement) this.world.changed(connectionId, placement, userOf(client));
  }

  private channelsOf(client: number): readonly [room: string, own: string] {
    return [`room:${Math.floor(client / this.scenario.room)}`, `@user:${userOf(client)}`];
  }

  private occupancyPorts(call: () => number): OccupancyPorts {
    const { clock, stores, rows } = this.world;
    const request = this.world.sample('write');
    return {
      subscriptions: { ...stores.subscriptions, ...delayed(clock, request, rows.store) },
      shards: delayed(clock, request, stores.shards),
      occupancy: delayed(clock, request, stores.occupancy),
      lifecycle: { put: () => clock.pause(call()) },
      now: clock.now,
    };
  }
}

function userOf(client: number): string {
  return `user-${client}`;
}

function lagOf({ lags }: { readonly lags: readonly number[] }): Lag {
  return { p99Ms: percentile(lags, 0.99), longestMs: percentile(lags, 1) };
}

export function gatherMsOf(reader: StreamName): number {
  const { trigger }: FunctionManifest = manifest[reader];
  if (trigger.kind !== 'stream' || trigger.gatherSeconds === 'of the configuration') return 0;
  return trigger.gatherSeconds * 1000;
}
