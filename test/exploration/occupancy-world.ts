/** One run: guests come to a channel and leave it. Workers get these changes late or twice, and may die. */

import type { LifecycleEvent } from '../../lambdas/realtime/lifecycle/lifecycle.ts';
import { type OccupancyPorts, settleOccupancy } from '../../lambdas/realtime/lifecycle/occupancy.ts';
import { memoryPorts, NOW, subscriptionFixture } from '../memory/memory-ports.ts';
import { type Chooser, type Option, Scheduler } from './scheduler.ts';

/** The code under test, in which a mistake may be planted. */
export type Settle = typeof settleOccupancy;

export interface Observations {
  readonly isOccupied: boolean;
  /** How often the channel really became occupied or empty. */
  readonly turns: number;
  readonly stored:
    | { readonly occupied: boolean; readonly version: number; readonly told: number }
    | undefined;
  /** In the order in which they were sent. */
  readonly told: readonly LifecycleEvent[];
  readonly failures: readonly string[];
  readonly order: readonly Option[];
}

export interface Circumstances {
  readonly choose: Chooser;
  readonly crashes: number;
  readonly settle?: Settle;
}

const CHANNEL = 'chat:room';

export type Move = 'comes' | 'leaves';

/** @param guests with their moves, one after the other. Each move has a worker, which handles it at any later time. */
export async function observe(
  guests: Readonly<Record<string, readonly Move[]>>,
  { choose, crashes, settle = settleOccupancy }: Circumstances,
): Promise<Observations> {
  const memory = memoryPorts();
  const scheduler = new Scheduler();
  const told: LifecycleEvent[] = [];
  const failures: string[] = [];
  const unsettled = new Set<string>();
  const present = new Set<string>();
  let turns = 0;
  let now = NOW;

  const portsOf = (worker: string): OccupancyPorts => {
    const step = <Result>(label: string, run: () => Promise<Result>) => scheduler.step(worker, label, run);
    const { subscriptions, occupancy } = memory;
    return {
      shards: memory.shards,
      subscriptions: {
        ...subscriptions,
        page: (...args) => step('looks', () => subscriptions.page(...args)),
      },
      occupancy: {
        read: (...args) => step('reads', () => occupancy.read(...args)),
        change: (...args) => step('changes', () => occupancy.change(...args)),
        tell: (...args) => step('notes', () => occupancy.tell(...args)),
      },
      lifecycle: {
        put: (events) =>
          step('tells', async () => {
            told.push(...events);
          }),
      },
      now: () => (now += 1),
    };
  };

  const work = async (worker: string) => {
    unsettled.add(worker);
    try {
      await settle(portsOf(worker), CHANNEL);
      unsettled.delete(worker);
    } catch (error) {
      failures.push(`${worker}: ${error}`);
    }
  };

  const visit = async (guest: string, moves: readonly Move[]) => {
    const row = subscriptionFixture({
      channel: CHANNEL,
      connectionId: guest,
      expiresAt: Number.MAX_SAFE_INTEGER,
    });
    for (const [index, move] of moves.entries()) {
      await scheduler.step(guest, move, async () => {
        const before = present.size > 0;
        if (move === 'comes') {
          present.add(guest);
          await memory.subscriptions.put(row);
        } else {
          present.delete(guest);
          await memory.subscriptions.remove(guest, [row]);
        }
        if (present.size > 0 !== before) turns += 1;
      });
      void work(`${guest}'s worker ${index}`);
    }
  };

  for (const [guest, moves] of Object.entries(guests)) {
    // Guests never die in the middle of a move.
    scheduler.spare(guest);
    void visit(guest, moves);
  }
  const order = await scheduler.run(choose, crashes);
  // Repeats the changes that no worker has finished, until one has.
  const again = [...unsettled].map((worker) => `${worker}, again`);
  for (const worker of again) {
    scheduler.spare(worker);
    void work(worker);
  }
  const rest = await scheduler.run(choose, crashes);

  const { subscriptions } = await memory.subscriptions.page({ channel: CHANNEL, shard: 0 });
  return {
    isOccupied: subscriptions.length > 0,
    turns,
    stored: await memory.occupancy.read(CHANNEL),
    told,
    failures,
    order: [...order, ...rest],
  };
}
