/** One channel with messages at random times, direct or packed: the deployed code on the simulated platform. */

import { unmetered } from '../../lambdas/realtime/access/meter.ts';
import { type PublishPorts, publishLogged, publishPacked } from '../../lambdas/realtime/log/publish.ts';
import { deliverPacked, type RoundPorts } from '../../lambdas/realtime/log/round.ts';
import type { TurnStore } from '../../lambdas/realtime/log/turn-store.ts';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import { percentile } from '../load/load-tally.ts';
import { latencies, platform } from '../simulator/assumptions.ts';
import { settledCrowd } from '../simulator/crowd.ts';
import { ExecutionEnvironment } from '../simulator/execution-environment.ts';
import { latencySampler } from '../simulator/latency.ts';
import { withSeededMath } from '../simulator/seeded-math.ts';
import { simulatedCloud } from '../simulator/simulated-cloud.ts';
import { CHANNEL } from '../simulator/tables.ts';
import { Tally } from '../simulator/tally.ts';
import { VirtualClock } from '../simulator/virtual-clock.ts';
import { StreamReader } from './stream-reader.ts';

export interface Traffic {
  readonly messagesPerSecond: number;
  readonly subscribers: number;
  /** Whole seconds for packed delivery; 0 is the shortest. */
  readonly delivery: 'direct' | { readonly windowSeconds: number };
}

export interface TrafficFigures {
  /** Frames to each subscriber. */
  readonly framesPerSecond: number;
  readonly postsPerSecond: number;
  /** Messages that API Gateway bills, with the publishes and their replies. */
  readonly billedPerSecond: number;
  /** From the publish to a subscriber. Milliseconds. */
  readonly latencyMs: { readonly median: number; readonly p99: number };
}

const STARTED_AT = Date.UTC(2026, 10, 22, 12);
const RETENTION = { retentionMs: 60 * 60 * 1000 };
const PUBLISHER = { kind: 'user', id: 'someone' } as const;

/** Beside the time of the publish. A frame has about 300 bytes for each message. */
const PADDING = 'x'.repeat(200);

/** More than any of these loads needs, so that both ways are compared without a quota in between. Requests per second. */
const QUOTA = { ratePerSecond: 50_000, burst: 25_000 } as const;

/** A run has at least this number of messages, and lasts at least this number of seconds. */
const MESSAGES = 60;
const LEAST_SECONDS = 10;

export interface PackingConditions {
  readonly cpuMicrosPerPost: number;
  /** The same seed is the same run. */
  readonly seed: number;
}

export async function runTraffic(traffic: Traffic, conditions: PackingConditions): Promise<TrafficFigures> {
  const run = new TrafficRun(traffic, conditions);
  return withSeededMath(randomFrom(conditions.seed), () => run.figures());
}

class TrafficRun {
  private readonly traffic: Traffic;
  private readonly clock = new VirtualClock(STARTED_AT);
  private readonly tally: Tally;
  private readonly random: () => number;
  private readonly portsIn: (environment: ExecutionEnvironment) => PublishPorts;
  private readonly write: () => number;
  private readonly invoke: () => number;
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly latenciesMs: number[] = [];
  private readonly publishedAt = new WeakMap<Uint8Array, readonly number[]>();
  private readonly reader: StreamReader;
  private delivered: number | undefined;
  private published = 0;

  constructor(traffic: Traffic, { cpuMicrosPerPost, seed }: PackingConditions) {
    const { clock } = this;
    this.traffic = traffic;
    this.random = randomFrom(seed);
    this.tally = new Tally(traffic.subscribers, STARTED_AT);
    const sample = (name: keyof typeof latencies) =>
      latencySampler(latencies[name].value, randomFrom(this.random() * 2 ** 32));
    this.write = sample('write');
    this.invoke = sample('invoke');
    const arrival = {
      perSecond: platform.connectsPerSecond.value,
      knownForSeconds: platform.shardsKnownForSeconds.value,
    };
    const crowd = settledCrowd(traffic.subscribers, arrival, randomFrom(seed));
    const cloud = {
      postsPerSecond: QUOTA.ratePerSecond,
      quota: QUOTA,
      concurrency: platform.lambdaConcurrency.value,
      cpuMicrosPerPost,
    };
    this.portsIn = simulatedCloud(crowd, cloud, { clock, tally: this.tally, seed });
    const { delivery } = traffic;
    this.reader = new StreamReader({
      clock,
      windowMs: delivery === 'direct' ? 0 : delivery.windowSeconds * 1000,
      run: (records) => this.deliver(records),
    });
  }

  async figures(): Promise<TrafficFigures> {
    const { traffic, clock, tally } = this;
    const seconds = Math.max(LEAST_SECONDS, MESSAGES / traffic.messagesPerSecond);
    const work = [this.publishAll(seconds)];
    if (traffic.delivery !== 'direct') work.push(this.reader.read());
    await clock.run(Promise.all(work));
    return {
      framesPerSecond: tally.posts / traffic.subscribers / seconds,
      postsPerSecond: tally.posts / seconds,
      billedPerSecond: (tally.metered + 2 * this.published) / seconds,
      latencyMs: { median: percentile(this.latenciesMs, 0.5), p99: percentile(this.latenciesMs, 0.99) },
    };
  }

  private async publishAll(seconds: number): Promise<void> {
    const { clock, random, traffic } = this;
    const running: Promise<void>[] = [];
    const offsets = Array.from({ length: Math.round(traffic.messagesPerSecond * seconds) }, random);
    for (const offset of offsets.toSorted((one, other) => one - other)) {
      await clock.pause(STARTED_AT + offset * seconds * 1000 - clock.now());
      running.push(this.publish());
    }
    await Promise.all(running);
    this.reader.end();
  }

  private async publish(): Promise<void> {
    this.published += 1;
    const drafts = [{ data: { at: this.clock.now(), padding: PADDING } }];
    await this.inEnvironment(async (ports) => {
      const log = { ports, channel: CHANNEL, retention: RETENTION };
      if (this.traffic.delivery === 'direct') {
        await publishLogged(log, PUBLISHER, drafts, unmetered);
        return;
      }
      for (const seq of await publishPacked(log, PUBLISHER, drafts, unmetered)) this.reader.put(seq);
    });
  }

  private async deliver(records: readonly number[]): Promise<void> {
    await this.clock.pause(this.invoke());
    await this.inEnvironment((ports) =>
      deliverPacked(
        { ports: { ...ports, ...this.roundPorts(ports) }, channel: CHANNEL, retention: RETENTION },
        { first: Math.min(...records), last: Math.max(...records) },
      ),
    );
  }

  /** All environments are warm. */
  private async inEnvironment(work: (ports: PublishPorts) => Promise<void>): Promise<void> {
    const { clock, tally } = this;
    const environment = this.idle.pop() ?? new ExecutionEnvironment();
    const startedAt = clock.now();
    tally.began(false);
    const ports = this.portsIn(environment);
    await work({ ...ports, outbound: this.watched(ports.outbound) });
    tally.ended(clock.now() - startedAt);
    this.idle.push(environment);
  }

  private roundPorts({ channelLog }: PublishPorts): Pick<RoundPorts, 'turns' | 'channelLog'> {
    const { clock, write } = this;
    const head = async () => {
      const found = await channelLog.head(CHANNEL);
      return found && { ...found, ...(this.delivered !== undefined && { delivered: this.delivered }) };
    };
    const turns: TurnStore = {
      look: () => clock.pause(write()).then(head),
      take: () => clock.pause(write()).then(head),
      finish: async (_channel, _worker, delivered) => {
        await clock.pause(write());
        this.delivered = delivered;
      },
    };
    async function* read(...args: Parameters<typeof channelLog.read>) {
      await clock.pause(write());
      yield* channelLog.read(...args);
    }
    return { turns, channelLog: { ...channelLog, read } };
  }

  private watched(outbound: PublishPorts['outbound']): PublishPorts['outbound'] {
    return {
      ...outbound,
      post: async (connectionId, frame) => {
        const outcome = await outbound.post(connectionId, frame);
        if (outcome === 'sent')
          for (const at of this.timesIn(frame)) this.latenciesMs.push(this.clock.now() - at);
        return outcome;
      },
    };
  }

  /** When the messages of a frame were published. */
  private timesIn(frame: Uint8Array): readonly number[] {
    const known = this.publishedAt.get(frame);
    if (known) return known;
    const text = new TextDecoder().decode(frame);
    const times = [...text.matchAll(/"at":(\d+)/g)].map(([, at]) => Number(at));
    this.publishedAt.set(frame, times);
    return times;
  }
}
