/** One run: publishers over the quota hand their frames to workers, which drop older frames for newer ones. */

import { messagesEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import { unmetered } from '../../lambdas/realtime/access/meter.ts';
import { ContainerPace, QUOTA_REFUSALS } from '../../lambdas/realtime/delivery/container-pace.ts';
import { type DeliverPorts, deliver } from '../../lambdas/realtime/delivery/deliver.ts';
import { INLINE_PATIENCE_MS } from '../../lambdas/realtime/delivery/delivery-plan.ts';
import type { DeliveryTask } from '../../lambdas/realtime/delivery/delivery-task.ts';
import { LATE_MS } from '../../lambdas/realtime/delivery/late-frames.ts';
import { type PublishPorts, publishLogged } from '../../lambdas/realtime/log/publish.ts';
import { memoryPorts, NOW, subscriptionFixture } from '../memory/memory-ports.ts';
import { type Chooser, type Option, Scheduler } from './scheduler.ts';
import { type Step, steppedPorts } from './stepped-ports.ts';

type LatePorts = PublishPorts & DeliverPorts;

export interface LateCase {
  readonly publishers: number;
  readonly crashes: number;
  readonly mutant?: (ports: LatePorts) => LatePorts;
}

export interface LateSeen {
  /** The numbers of publishes that were answered. */
  readonly acknowledged: readonly number[];
  /** The newest number that each client knows of, by its reply or by a frame. */
  readonly known: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
  /** Frames that were dropped. */
  readonly dropped: number;
  readonly order: readonly Option[];
}

const CHANNEL = 'open:late';
const RETENTION = { retentionMs: 24 * 60 * 60 * 1000 };

/** Subscribed before the first publish, and at any time. */
const EARLY = 'early';
const JOINING = 'joining';

export async function observeLate(choose: Chooser, given: LateCase): Promise<LateSeen> {
  const { publishers, crashes, mutant = (same) => same } = given;
  const scheduler = new Scheduler();
  const ports = memoryPorts();
  const acknowledged: number[] = [];
  const failures: string[] = [];
  let head = 0;
  let workers = 0;
  await ports.subscriptions.put(subscriptionFixture({ channel: CHANNEL, connectionId: EARLY }));

  const portsOf = (step: Step, own: Partial<LatePorts>): LatePorts => {
    const { note } = ports.lateFrames;
    const { newest } = ports.newestLate;
    const stepped = steppedPorts({ ...ports, deliveries: { ...ports.deliveries, start } }, step);
    return mutant({
      ...stepped,
      claims: ports.claims,
      lateFrames: { note: (...args) => step('note', () => note(...args)) },
      newestLate: { newest: (...args) => step('newest', () => newest(...args)) },
      ...own,
    });
  };
  const failed = (name: string) => (error: unknown) => failures.push(`${name}: ${error}`);
  const processed = (name: string): Step => {
    return (label, run) => scheduler.step(name, label, run);
  };

  /** A worker that dies is started again. Each begins when its frame is late. */
  async function start(task: DeliveryTask): Promise<void> {
    workers += 1;
    const name = `worker ${workers}`;
    scheduler.spare(name);
    const own = { now: () => NOW + 10 * LATE_MS, containerPace: new ContainerPace() };
    deliver(portsOf(processed(name), own), task, name).catch(failed(name));
  }

  async function publish(name: string): Promise<void> {
    const all = portsOf(processed(name), { now: impatientClock(), containerPace: overQuota() });
    const log = { ports: all, channel: CHANNEL, retention: RETENTION };
    acknowledged.push(...(await publishLogged(log, { kind: 'user', id: name }, [{ data: name }], unmetered)));
  }

  async function join(): Promise<void> {
    const step = processed(JOINING);
    const row = subscriptionFixture({ channel: CHANNEL, connectionId: JOINING });
    await step('subscribe', () => ports.subscriptions.put(row));
    head = (await step('head', () => ports.channelLog.head(CHANNEL)))?.seq ?? 0;
  }

  scheduler.spare(JOINING);
  void join();
  for (let index = 0; index < publishers; index++) {
    const name = `publisher ${index}`;
    publish(name).catch(failed(name));
  }
  const order = await scheduler.run(choose, crashes);
  const known = new Map([
    [EARLY, 0],
    [JOINING, head],
  ]);
  for (const { connectionId, frame } of ports.posts) {
    const seqs = v.parse(messagesEvent, frame).messages.map(({ seq = 0 }) => seq);
    known.set(connectionId, Math.max(known.get(connectionId) ?? 0, ...seqs));
  }
  const dropped = ports.logged.filter((line) => line.includes('dropped')).length;
  return { acknowledged, known, failures, dropped, order };
}

/** A container to which the platform has refused every post. */
function overQuota(): ContainerPace {
  const pace = new ContainerPace();
  for (let refusal = 0; refusal < QUOTA_REFUSALS; refusal++) pace.throttled(NOW, true);
  return pace;
}

/** Each look at the clock takes longer than a publisher waits, so it hands over everything. */
function impatientClock(): () => number {
  let now = NOW;
  return () => {
    now += INLINE_PATIENCE_MS;
    return now;
  };
}
