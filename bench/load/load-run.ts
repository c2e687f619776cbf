/** Runs a workload: publishers, other clients and viewers on a simulated account, with the deployed code between them. */

import { unmetered } from '../../lambdas/realtime/access/meter.ts';
import { deliver, release } from '../../lambdas/realtime/delivery/deliver.ts';
import type { DeliveryTask } from '../../lambdas/realtime/delivery/delivery-task.ts';
import { publishLive, publishLogged } from '../../lambdas/realtime/log/publish.ts';
import { PlatformRefusal } from '../../lambdas/realtime/platform-refusal.ts';
import { TokenBucket } from '../../packages/local/src/gateway/token-bucket.ts';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import { latencies } from '../simulator/assumptions.ts';
import { ExecutionEnvironment } from '../simulator/execution-environment.ts';
import { latencySampler } from '../simulator/latency.ts';
import { withSeededMath } from '../simulator/seeded-math.ts';
import { VirtualClock } from '../simulator/virtual-clock.ts';
import { FrameReader } from './frame-reader.ts';
import { ExecutionPool, SimulatedFunction } from './lambda-account.ts';
import { type LoadPorts, loadPorts } from './load-ports.ts';
import { LoadTally } from './load-tally.ts';
import { channelOf, Viewers } from './viewers.ts';
import type { Workload } from './workloads.ts';

/** What functions do whose code is not run here. Milliseconds. */
const AUTHORIZE_MS = 15;
const CONNECT_MS = 25;
const COMMAND_MS = 20;

const STARTED_AT = Date.UTC(2026, 10, 22, 12);
const DATA = 'x'.repeat(300);
const RETENTION = { retentionMs: 60 * 60 * 1000 };
const PUBLISHER = { kind: 'user', id: 'someone' } as const;

/** The waits of a publisher whose command was refused. Milliseconds. */
const RETRIES_MS = [1_000, 2_000, 4_000, 8_000] as const;

export interface LoadRun {
  readonly tally: LoadTally;
  readonly pool: ExecutionPool;
  readonly viewers: Viewers;
  /** Executions of `deliver` at most. */
  readonly workers: number;
  /** Clients of channels with a history that lack a message at the end. */
  readonly behind: number;
  /** When the last event happened. Milliseconds after the start. */
  readonly endedMs: number;
}

export interface LoadConditions {
  readonly cpuMicrosPerPost: number;
  /** The same seed is the same run. */
  readonly seed: number;
}

export async function runLoad(workload: Workload, conditions: LoadConditions): Promise<LoadRun> {
  const account = new LoadAccount(workload, conditions);
  return withSeededMath(randomFrom(conditions.seed), () => account.run());
}

type Command = (ports: LoadPorts) => Promise<void>;

class LoadAccount {
  private readonly workload: Workload;
  private readonly clock = new VirtualClock(STARTED_AT);
  private readonly random: () => number;
  private readonly tally: LoadTally;
  private readonly pool: ExecutionPool;
  private readonly clients: TokenBucket;
  private readonly viewers: Viewers;
  private readonly frames = new FrameReader();
  private readonly workers: SimulatedFunction<DeliveryTask>;
  private readonly commands: SimulatedFunction<Command>;
  private readonly handshakes: readonly SimulatedFunction<number>[];
  private readonly portsIn: (environment: ExecutionEnvironment) => LoadPorts;

  constructor(workload: Workload, { cpuMicrosPerPost, seed }: LoadConditions) {
    const { clock } = this;
    this.workload = workload;
    this.random = randomFrom(seed);
    const sample = (name: keyof typeof latencies) =>
      latencySampler(latencies[name].value, randomFrom(this.random() * 2 ** 32));
    this.tally = new LoadTally({
      from: STARTED_AT + workload.span.from,
      to: STARTED_AT + workload.span.to,
    });
    this.pool = new ExecutionPool(workload.concurrency);
    this.clients = new TokenBucket(workload.clients);
    this.viewers = new Viewers({
      clock,
      channels: workload.channels,
      perChannel: workload.subscribers,
      random: randomFrom(this.random() * 2 ** 32),
      history: (channel) => this.history(channel),
    });
    this.portsIn = loadPorts({
      workload,
      clock,
      tally: this.tally,
      viewers: this.viewers,
      frames: this.frames,
      cpuMicrosPerPost,
      quota: new TokenBucket(workload.posts),
      takesPosts: () => !(workload.isRefusing && this.tally.isInSpan(clock.now())),
      startWorker: (task) => this.workers.enqueue(task),
      sample: {
        post: sample('post'),
        handshake: sample('handshake'),
        write: sample('write'),
        page: sample('page'),
        invoke: sample('invoke'),
      },
    });
    const shared = {
      clock,
      pool: this.pool,
      asyncStart: sample('asyncStart'),
      coldStart: sample('coldStart'),
    };
    this.workers = new SimulatedFunction<DeliveryTask>({
      ...shared,
      reserved: workload.workers === 'unreserved' ? undefined : workload.workers,
      handler: (environment, task, requestId) => deliver(this.portsIn(environment), task, requestId),
      onFailure: (task, error) => void this.release(task, error),
    });
    this.commands = new SimulatedFunction<Command>({
      ...shared,
      handler: (environment, command) => command(this.portsIn(environment)),
    });
    this.handshakes = [1, 2].map(
      () => new SimulatedFunction<number>({ ...shared, handler: (_in, ms) => clock.pause(ms) }),
    );
  }

  async run(): Promise<LoadRun> {
    await this.clock.run(this.everything());
    const { tally, pool, viewers, workers, clock, frames } = this;
    return {
      tally,
      pool,
      viewers,
      workers: workers.peakRunning,
      behind: viewers.behind((channel) => frames.newestOf(channel)),
      endedMs: clock.now() - STARTED_AT,
    };
  }

  private async everything(): Promise<void> {
    this.clock.at(STARTED_AT + this.workload.span.from, () => this.pool.forgetPeaks());
    const { connects, commands } = this.workload.others;
    const { before, during } = this.workload.publishesPerSecond;
    await Promise.all([
      this.repeat(
        (now) => (this.tally.isInSpan(now) ? during : before),
        () => this.publish(),
      ),
      this.repeat(
        () => connects,
        () => this.connect(),
      ),
      this.repeat(
        () => commands,
        () => this.command(),
      ),
    ]);
  }

  /** Starts something at random times, until the workload ends. */
  private async repeat(perSecond: (now: number) => number, start: () => Promise<unknown>): Promise<void> {
    const { clock, workload, random } = this;
    let at = STARTED_AT;
    while (at < STARTED_AT + workload.endsMs) {
      at += (-1000 * Math.log(1 - random())) / perSecond(clock.now());
      if (at > clock.now()) await clock.pause(at - clock.now());
      void start();
    }
  }

  private async publish(): Promise<void> {
    const { workload, clock, tally, random } = this;
    const index = Math.floor(random() * workload.channels);
    const channel = channelOf(index);
    const isLogged = index < workload.logged * workload.channels;
    const askedAt = clock.now();
    const isInSpan = tally.isInSpan(askedAt);
    if (isInSpan) tally.offered += workload.subscribers;
    if (!isLogged) tally.liveOffered += workload.subscribers;
    const command: Command = async (ports) => {
      const drafts = [{ data: DATA }];
      if (isLogged)
        await publishLogged({ ports, channel, retention: RETENTION }, PUBLISHER, drafts, unmetered);
      else await publishLive(ports, { channel, group: undefined }, PUBLISHER, drafts, unmetered);
    };
    for (const retry of [...RETRIES_MS, undefined]) {
      const begunAt = clock.now();
      if (await this.ask(command)) {
        if (isInSpan) tally.waits.push(clock.now() - begunAt);
        return;
      }
      if (retry !== undefined) await clock.pause(retry * random());
    }
  }

  private async command(): Promise<void> {
    await this.ask(({ pause }) => pause(COMMAND_MS));
  }

  /** @returns whether the gateway and Lambda took the command. */
  private async ask(command: Command): Promise<boolean> {
    const { clock, tally, clients, commands } = this;
    const counted = tally.isInSpan(clock.now()) ? tally.commands : { asked: 0, byGateway: 0, byLambda: 0 };
    counted.asked += 1;
    const isTaken = clients.tryTake(clock.now());
    if (!isTaken) counted.byGateway += 1;
    const isRun = isTaken && (await commands.invoke(command));
    if (isTaken && !isRun) counted.byLambda += 1;
    return isRun;
  }

  private async connect(): Promise<boolean> {
    const { clock, tally, clients, handshakes } = this;
    const counted = tally.isInSpan(clock.now()) ? tally.connects : { asked: 0, byGateway: 0, byLambda: 0 };
    counted.asked += 1;
    if (!clients.tryTake(clock.now())) {
      counted.byGateway += 1;
      return false;
    }
    const [authorize, connect] = handshakes;
    const isOpen = (await authorize?.invoke(AUTHORIZE_MS)) && (await connect?.invoke(CONNECT_MS));
    if (!isOpen) counted.byLambda += 1;
    return isOpen === true;
  }

  private async history(channel: string): Promise<number | undefined> {
    let newest: number | undefined;
    const isRun = await this.ask(async ({ pause }) => {
      await pause(COMMAND_MS);
      newest = this.frames.newestOf(channel);
    });
    return isRun ? newest : undefined;
  }

  private async release(task: DeliveryTask, error: unknown): Promise<void> {
    const refusal = error instanceof PlatformRefusal ? error.message : undefined;
    await release(this.portsIn(new ExecutionEnvironment()), task, refusal).catch(() => {
      this.tally.errors += 1;
    });
  }
}
