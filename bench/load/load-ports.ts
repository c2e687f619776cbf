/** The ports of the deployed code on the simulated account of a workload, one set for each execution environment. */

import type { DeliverPorts } from '../../lambdas/realtime/delivery/deliver.ts';
import type { DeliveryTask } from '../../lambdas/realtime/delivery/delivery-task.ts';
import type { PublishPorts } from '../../lambdas/realtime/log/publish.ts';
import { memoryLog } from '../../test/memory/memory-log.ts';
import { memoryStores } from '../../test/memory/memory-stores.ts';
import { memoryValues } from '../../test/memory/memory-values.ts';
import type { ExecutionEnvironment } from '../simulator/execution-environment.ts';
import { outboundOf } from '../simulator/gateway.ts';
import { Tally } from '../simulator/tally.ts';
import type { VirtualClock } from '../simulator/virtual-clock.ts';
import type { FrameReader } from './frame-reader.ts';
import type { LoadTally } from './load-tally.ts';
import type { Viewers } from './viewers.ts';
import type { Workload } from './workloads.ts';

export type LoadPorts = PublishPorts & DeliverPorts;

export interface PortOptions {
  readonly workload: Workload;
  readonly clock: VirtualClock;
  readonly tally: LoadTally;
  readonly viewers: Viewers;
  readonly frames: FrameReader;
  readonly cpuMicrosPerPost: number;
  /** The account's requests per second that are left for posts. */
  readonly quota: { tryTake(now: number): boolean };
  /** Whether the platform takes posts now. */
  readonly takesPosts: () => boolean;
  readonly startWorker: (task: DeliveryTask) => void;
  /** Milliseconds. */
  readonly sample: Readonly<Record<'post' | 'handshake' | 'write' | 'page' | 'invoke', () => number>>;
}

export function loadPorts(options: PortOptions): (environment: ExecutionEnvironment) => LoadPorts {
  const { workload, clock, tally, sample, startWorker } = options;
  const known = new WeakMap<ExecutionEnvironment, LoadPorts>();
  const tables = tablesOf(options);
  const deliveries = {
    postsPerSecond: workload.postsPerSecond,
    async start(task: DeliveryTask) {
      await clock.pause(sample.invoke());
      startWorker(task);
    },
  };
  const log = {
    warn: () => {},
    error: () => {
      tally.errors += 1;
    },
  };
  return (environment) => {
    const found = known.get(environment);
    if (found) return found;
    const outbound = watchedOutbound(options, environment);
    const { pace: containerPace } = environment;
    const { now, pause } = clock;
    const ports = { ...tables, deliveries, outbound, containerPace, log, now, pause };
    known.set(environment, ports);
    return ports;
  };
}

function tablesOf({ clock, viewers, frames, sample }: PortOptions) {
  const stores = memoryStores();
  const log = memoryLog();
  const after = async <Result>(ms: () => number, run: () => Promise<Result>): Promise<Result> => {
    await clock.pause(ms());
    return run();
  };
  return {
    connections: stores.connections,
    shards: {
      ...stores.shards,
      count: (channel: string) => after(sample.write, () => stores.shards.count(channel)),
    },
    subscriptions: {
      ...stores.subscriptions,
      page: ({ channel }: { readonly channel: string }) =>
        after(sample.write, async () => ({ subscriptions: viewers.rowsOf(channel) })),
    },
    claims: {
      claim: (piece: string, owner: string) => after(sample.write, () => stores.claims.claim(piece, owner)),
      passOn: (piece: string) => after(sample.write, () => stores.claims.passOn(piece)),
    },
    lateFrames: {
      note: (channel: string, seq: number) => after(sample.write, () => stores.lateFrames.note(channel, seq)),
    },
    newestLate: {
      newest: (channel: string) => after(sample.write, () => stores.newestLate.newest(channel)),
    },
    values: memoryValues(log),
    channelLog: {
      ...log,
      raise: (...args: Parameters<typeof log.raise>) => after(sample.write, () => log.raise(...args)),
      point: (...args: Parameters<typeof log.point>) => after(sample.write, () => log.point(...args)),
      write: (...args: Parameters<typeof log.write>) =>
        after(sample.write, async () => {
          const [channel, messages] = args;
          for (const { seq } of messages) frames.wrote(channel, seq);
          return log.write(...args);
        }),
    },
  };
}

/** Counts the posts of an environment, and hands accepted frames to the clients. */
function watchedOutbound(options: PortOptions, environment: ExecutionEnvironment): LoadPorts['outbound'] {
  const { clock, tally, viewers, frames, quota, takesPosts, cpuMicrosPerPost, sample } = options;
  const outbound = outboundOf(
    {
      clock,
      // Its counts are for one broadcast.
      tally: new Tally(0, 0),
      quota: { tryTake: (now) => takesPosts() && quota.tryTake(now) },
      cpuMicrosPerPost,
      post: sample.post,
      handshake: sample.handshake,
    },
    environment,
  );
  return {
    async post(connectionId, frame) {
      if (tally.isInSpan(clock.now())) tally.attempts += 1;
      const outcome = await outbound.post(connectionId, frame);
      if (outcome !== 'sent') return outcome;
      if (tally.isInSpan(clock.now())) tally.accepted += 1;
      const numbers = frames.numbersOf(frame);
      if (numbers) viewers.receive(connectionId, numbers);
      else tally.liveAccepted += 1;
      return outcome;
    },
    async disconnect(connectionId) {
      await clock.pause(sample.post());
      tally.disconnected += 1;
      viewers.cut(connectionId);
      return 'closed';
    },
  };
}
