/** The domain's ports on a simulated platform, one set for each execution environment. */

import { type DeliverPorts, deliver } from '../../lambdas/realtime/delivery/deliver.ts';
import type { DeliveryTask } from '../../lambdas/realtime/delivery/delivery-task.ts';
import type { PublishPorts } from '../../lambdas/realtime/log/publish.ts';
import { TokenBucket } from '../../packages/local/src/gateway/token-bucket.ts';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import type { Throttle } from '../../packages/local/src/template/stage-throttles.ts';
import { latencies } from './assumptions.ts';
import type { Crowd } from './crowd.ts';
import type { ExecutionEnvironment } from './execution-environment.ts';
import { FunctionFleet } from './function-fleet.ts';
import { outboundOf } from './gateway.ts';
import { type Latency, latencySampler } from './latency.ts';
import { tablesOf } from './tables.ts';
import type { Tally } from './tally.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface Conditions {
  /** The posts per second that the stage allows a broadcast (`lib/settings/stage-settings.ts`). */
  readonly postsPerSecond: number;
  /** The part of the account's quota that is left for the broadcast. */
  readonly quota: Throttle;
  /** Environments that may run at once. */
  readonly concurrency: number;
  readonly cpuMicrosPerPost: number;
  /** Values that replace the assumed ones. */
  readonly latencies?: Partial<Readonly<Record<keyof typeof latencies, Latency>>>;
}

interface Simulation {
  readonly clock: VirtualClock;
  readonly tally: Tally;
  /** The same seed is the same run. */
  readonly seed: number;
}

export type PortsIn = (environment: ExecutionEnvironment) => PublishPorts & DeliverPorts;

export function simulatedCloud(crowd: Crowd, conditions: Conditions, simulation: Simulation): PortsIn {
  const { clock, tally } = simulation;
  const sample = samplers(conditions, simulation);
  const tables = tablesOf({ clock, tally, crowd, write: sample('write'), page: sample('page') });
  const invoke = sample('invoke');
  const gateway = {
    clock,
    tally,
    quota: new TokenBucket(conditions.quota),
    cpuMicrosPerPost: conditions.cpuMicrosPerPost,
    post: sample('post'),
    handshake: sample('handshake'),
  };
  const workers = new FunctionFleet<DeliveryTask>({
    clock,
    tally,
    concurrency: conditions.concurrency,
    asyncStart: sample('asyncStart'),
    coldStart: sample('coldStart'),
    handler: (environment, task, requestId) => deliver(portsIn(environment), task, requestId),
  });
  const deliveries = {
    postsPerSecond: conditions.postsPerSecond,
    async start(task: DeliveryTask) {
      await clock.pause(invoke());
      workers.enqueue(task);
    },
  };
  const log = { warn: () => tally.warned(), error: () => tally.warned() };

  function portsIn(environment: ExecutionEnvironment): PublishPorts & DeliverPorts {
    const outbound = outboundOf(gateway, environment);
    const { pace: containerPace } = environment;
    return { ...tables, deliveries, outbound, containerPace, log, now: clock.now, pause: clock.pause };
  }
  return portsIn;
}

/** Each latency has its own random numbers, so that two runs differ only by their settings. */
function samplers({ latencies: others }: Conditions, { seed }: Simulation) {
  const random = randomFrom(seed);
  return (name: keyof typeof latencies) =>
    latencySampler(others?.[name] ?? latencies[name].value, randomFrom(random() * 2 ** 32));
}
