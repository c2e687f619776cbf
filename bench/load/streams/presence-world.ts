/** The functions `presence` and `farewell` on a simulated account: the stream, the tables, and the posts that they cause. */

import type { Placement } from '../../../lambdas/realtime/connections/subscription-store.ts';
import type { DeliveryTask } from '../../../lambdas/realtime/delivery/delivery-task.ts';
import type { AnnouncePorts } from '../../../lambdas/realtime/presence/announce.ts';
import type { FarewellTask } from '../../../lambdas/realtime/presence/farewell-task.ts';
import type { Farewells } from '../../../lambdas/realtime/presence/presence-store.ts';
import type { ShiftPorts } from '../../../lambdas/realtime/presence/shift.ts';
import { randomFrom } from '../../../packages/local/src/seeded-random.ts';
import type { Throttle } from '../../../packages/local/src/template/stage-throttles.ts';
import { memoryStores } from '../../../test/memory/memory-stores.ts';
import { latencies } from '../../simulator/assumptions.ts';
import type { ExecutionEnvironment } from '../../simulator/execution-environment.ts';
import { outboundOf } from '../../simulator/gateway.ts';
import { latencySampler } from '../../simulator/latency.ts';
import { Tally } from '../../simulator/tally.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { ExecutionPool, SimulatedFunction } from '../lambda-account.ts';
import { ChannelRows } from './channel-rows.ts';
import { delayed } from './delayed.ts';
import { runFarewell } from './farewell-code.ts';
import { PostDesk } from './post-desk.ts';
import { attendBatch, type PresenceChange } from './presence-code.ts';
import { StreamReader } from './stream-reader.ts';
import { ToldUsers } from './told-users.ts';

const STARTED_AT = Date.UTC(2026, 10, 22, 12);

export interface StageSize {
  /** What the account takes of posts. */
  readonly posts: Throttle;
  /** The budget of one broadcast (`stage-settings.ts`). */
  readonly postsPerSecond: number;
  /** A new on-demand table has four partitions, and its stream a shard for each. */
  readonly shards: number;
  readonly batchesPerShard: number;
  readonly concurrency: number;
  /** The executions that are reserved for `farewell`. */
  readonly farewells: number;
}

/** Users of one task (`lambda-farewells.ts`). */
const USERS_PER_TASK = 200;

interface WorldOptions extends StageSize {
  readonly cpuMicrosPerPost: number;
  /** The same seed is the same run. */
  readonly seed: number;
}

export class PresenceWorld {
  readonly clock = new VirtualClock(STARTED_AT);
  readonly pool: ExecutionPool;
  readonly desk: PostDesk;
  readonly told = new ToldUsers(this.clock);
  readonly random: () => number;
  readonly stores = memoryStores();
  readonly rows = new ChannelRows(this.stores.shards);
  readonly reader: StreamReader<PresenceChange>;
  readonly farewell: SimulatedFunction<FarewellTask>;
  private readonly options: WorldOptions;
  private changes = 0;
  private readonly known = new WeakMap<ExecutionEnvironment, ShiftPorts>();

  constructor(options: WorldOptions) {
    const { shards, batchesPerShard } = options;
    this.options = options;
    this.random = randomFrom(options.seed);
    this.pool = new ExecutionPool(options.concurrency);
    this.desk = new PostDesk(options.posts);
    this.reader = this.readerOf({ shards, batchesPerShard, gatherMs: 0 }, (environment, batch) =>
      attendBatch(this.portsIn(environment), batch),
    );
    this.farewell = new SimulatedFunction<FarewellTask>({
      clock: this.clock,
      pool: this.pool,
      reserved: options.farewells,
      asyncStart: this.sample('asyncStart'),
      coldStart: this.sample('coldStart'),
      handler: (environment, task) => runFarewell(this.portsIn(environment), task),
    });
  }

  /** Draws the milliseconds of a request. */
  sample(name: keyof typeof latencies): () => number {
    return latencySampler(latencies[name].value, randomFrom(this.random() * 2 ** 32));
  }

  /** A reader whose function has executions of the account. */
  readerOf<Change extends { readonly item: string }>(
    stream: { readonly shards: number; readonly batchesPerShard: number; readonly gatherMs: number },
    handler: (environment: ExecutionEnvironment, batch: readonly Change[]) => Promise<readonly Change[]>,
  ): StreamReader<Change> {
    const { clock, pool } = this;
    const run = new SimulatedFunction<{ readonly batch: readonly Change[]; again: readonly Change[] }>({
      clock,
      pool,
      asyncStart: this.sample('asyncStart'),
      coldStart: this.sample('coldStart'),
      handler: async (environment, event) => {
        event.again = await handler(environment, event.batch);
      },
    });
    return new StreamReader<Change>({
      clock,
      ...stream,
      async handle(batch) {
        const event = { batch, again: batch };
        return (await run.invoke(event)) ? event.again : undefined;
      },
    });
  }

  /** A user's connection subscribes to a channel, which the stream reports. */
  async join(channel: string, connectionId: string, user: string): Promise<void> {
    this.changed(connectionId, await this.rows.subscribe(channel, connectionId, user), user);
  }

  /** The stream reports that a subscription has come or gone. */
  changed(connectionId: string, placement: Placement, user: string): void {
    this.changes += 1;
    const sequenceNumber = String(this.changes);
    this.reader.put({ item: connectionId, sequenceNumber, connectionId, placement, user });
  }

  private portsIn(environment: ExecutionEnvironment): ShiftPorts {
    const found = this.known.get(environment);
    if (found) return found;
    const { clock, stores, rows, told, desk } = this;
    const { cpuMicrosPerPost } = this.options;
    const [request, post, handshake] = [this.sample('write'), this.sample('post'), this.sample('handshake')];
    const invoke = this.sample('invoke');
    const outbound = outboundOf(
      { clock, tally: new Tally(0, 0), quota: desk, cpuMicrosPerPost, post, handshake },
      environment,
    );
    const ports = {
      ...stores,
      presence: delayed(clock, request, stores.presence),
      windows: delayed(clock, request, stores.windows),
      dueList: delayed(clock, request, stores.dueList),
      shifts: delayed(clock, request, stores.shifts),
      farewells: this.farewellsWith(invoke),
      shards: delayed(clock, request, stores.shards),
      connections: { ...stores.connections, ...delayed(clock, request, rows.places) },
      subscriptions: { ...stores.subscriptions, ...delayed(clock, request, rows.store) },
      lateFrames: delayed(clock, request, stores.lateFrames),
      lifecycle: { put: () => clock.pause(invoke()) },
      deliveries: this.deliveriesWith(invoke),
      outbound: {
        async post(connectionId: string, frame: Uint8Array) {
          const outcome = await outbound.post(connectionId, frame);
          if (outcome === 'sent') told.by(frame);
          return outcome;
        },
        disconnect: outbound.disconnect,
      },
      containerPace: environment.pace,
      log: { warn: () => {}, error: () => {} },
      now: clock.now,
      pause: clock.pause,
    };
    this.known.set(environment, ports);
    return ports;
  }

  private farewellsWith(invoke: () => number): Farewells {
    const start = async (task: FarewellTask) => {
      await this.clock.pause(invoke());
      this.farewell.enqueue(task);
    };
    return {
      async start(users) {
        for (let from = 0; from < users.length; from += USERS_PER_TASK)
          await start({ lingering: users.slice(from, from + USERS_PER_TASK) });
      },
      startShift: (worker) => start({ worker }),
    };
  }

  /** A worker posts at the pace of the stage, behind all posts that were asked for before. */
  private deliveriesWith(invoke: () => number): AnnouncePorts['deliveries'] {
    const { clock, desk, rows, told } = this;
    const { postsPerSecond } = this.options;
    const asyncStart = this.sample('asyncStart');
    return {
      postsPerSecond,
      async start(task: DeliveryTask) {
        await clock.pause(invoke());
        const posts = task.kind === 'lane' ? rows.reachedBy(task) : task.recipients.length;
        const frame = Buffer.from(task.broadcast.frame, 'base64');
        clock.at(desk.take(clock.now() + asyncStart(), posts), () => told.by(frame));
      },
    };
  }
}
