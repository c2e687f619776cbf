/**
 * One run: tabs of users come and go. Functions handle the change stream at least once, and in order for each tab. A worker waits for what is due.
 * Observers make their list of members from late events and from the replies to `members`.
 */

import { homeOf } from '../../lambdas/realtime/connections/home.ts';
import type { Placement } from '../../lambdas/realtime/connections/subscription-store.ts';
import { attend } from '../../lambdas/realtime/presence/attendance.ts';
import { membersOf } from '../../lambdas/realtime/presence/members.ts';
import type { Presence } from '../../lambdas/realtime/presence/presence-state.ts';
import { callWorker, workShift } from '../../lambdas/realtime/presence/shift.ts';
import { MemberList } from '../../packages/client/src/lib/member-list.ts';
import { attendOne } from '../lambdas/realtime/presence/attend-one.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../memory/memory-ports.ts';
import { type Doors, ExploredObserver, type Heard, type ObserverName } from './presence-observer.ts';
import { type Chooser, type Option, Scheduler } from './scheduler.ts';
import type { Step } from './stepped-ports.ts';

type Change = 'subscribes' | 'unsubscribes';

/** The moves of one tab, in order. */
export interface Tab {
  readonly user: string;
  readonly changes: readonly Change[];
  /** The tab goes when this one has come. */
  readonly replacedBy?: string;
}

export interface Case {
  readonly tabs: Readonly<Record<string, Tab>>;
  /** Whether the stream gives each record to two invocations, and goes on when one of them is done. */
  readonly isTwice?: boolean;
  /** Whether each batch of the stream names all tabs. */
  readonly isBatched?: boolean;
  /** Whether the window of the channel is always open, so that each change is told at once. */
  readonly isOpen?: boolean;
  /** The linger. Time passes only while the worker waits. Milliseconds. */
  readonly lingerMs?: number;
  /** The observers: one is there from the beginning, and one comes in between. */
  readonly observers?: readonly ObserverName[];
  /** How many processes may die. */
  readonly crashes: number;
}

/** The code under test, in which a mistake may be planted. */
export interface Deeds {
  readonly attend: typeof attendOne;
  readonly call: typeof callWorker;
  /** Nothing is missed between its two steps. */
  readonly begin: (observer: ExploredObserver, doors: Doors) => Promise<void>;
  readonly list: () => ExploredObserver['list'];
  /** Between the domain and its ports. */
  readonly ports: (ports: WorldPorts) => WorldPorts;
}

export type WorldPorts = MemoryPorts;

export const deployed: Deeds = {
  attend: attendOne,
  call: callWorker,
  async begin(observer, doors) {
    await observer.subscribe(doors);
    await observer.read(doors);
  },
  list: () => new MemberList(),
  ports: (ports) => ports,
};

export interface Observations {
  /** Users with a subscription at the end. */
  readonly truth: readonly string[];
  /** Users who were without a subscription after they had one. */
  readonly wereAway: ReadonlySet<string>;
  /** The stored presence of each user at the end. */
  readonly stored: ReadonlyMap<string, Presence>;
  /** The members in the list of each observer. */
  readonly believed: readonly (readonly string[])[];
  /** Frames that were posted to the early observer, in order. */
  readonly posted: readonly Heard[];
  readonly told: readonly string[];
  readonly failures: readonly string[];
  readonly order: readonly Option[];
}

const CHANNEL = 'chat:explored';
const LINGER_MS = 1_000;
/** Pauses end at a multiple of that: how long a writer pauses that lost a race is random. Milliseconds. */
const TICK_MS = 50;
const END = NOW / 1000 + 3_600;
const MOST_RETRIES = 10;

export async function observe(one: Case, choose: Chooser, deeds: Deeds = deployed): Promise<Observations> {
  return new World(one, deeds).run(choose);
}

class World {
  private readonly one: Case;
  private readonly deeds: Deeds;
  private readonly memory: MemoryPorts = memoryPorts();
  private readonly scheduler = new Scheduler();
  private readonly observers: readonly ExploredObserver[];
  private readonly failures: string[] = [];
  private readonly wereAway = new Set<string>();
  /** Tabs that came, and what waits for those that did not. */
  private readonly came = new Set<string>();
  private readonly waiting = new Map<string, () => void>();
  /** How to start a process again that has died. */
  private readonly retries = new Map<string, () => void>();
  private processes = 0;
  private batches = 0;
  private clock = NOW;

  constructor(one: Case, deeds: Deeds) {
    this.one = one;
    this.deeds = deeds;
    const { observers = ['early', 'late'] } = one;
    this.observers = observers.map((name) => new ExploredObserver(name, deeds.list(), this.scheduler));
    this.memory.outbound.post = async (connectionId, frame) => {
      this.observers.find(({ name }) => name === connectionId)?.receive(frame);
      return 'sent';
    };
  }

  async run(choose: Chooser): Promise<Observations> {
    for (const [id, tab] of Object.entries(this.one.tabs)) void this.live(id, tab);
    for (const observer of this.observers) void this.watch(observer);
    const order = await this.scheduler.run((options) => {
      const index = choose(options);
      const option = options[index];
      // A process that crashed is started again, and other steps may come before its start.
      if (option?.kind === 'crash') setImmediate(() => this.retries.get(option.process)?.());
      return index;
    }, this.one.crashes);
    return this.observations(order);
  }

  /** A tab, whose records are handled in their order. */
  private async live(id: string, tab: Tab): Promise<void> {
    this.scheduler.spare(id);
    let lane = Promise.resolve();
    for (const change of tab.changes) {
      if (change === 'unsubscribes' && tab.replacedBy !== undefined) await this.comes(tab.replacedBy);
      await this.scheduler.step(id, change, () => this.apply(id, tab, change));
      lane = lane.then(() => this.work(id, tab));
    }
  }

  private async apply(id: string, { user }: Tab, change: Change): Promise<void> {
    const { connections, subscriptions } = this.memory;
    const tab = { connectionId: id, user, expiresAt: END };
    const row = subscriptionFixture({ ...tab, channel: CHANNEL, isMember: true });
    const home = subscriptionFixture({ ...tab, ...homeOf(user) });
    if (change === 'subscribes') {
      await connections.open(tab, [home, row]);
      this.came.add(id);
      this.waiting.get(id)?.();
      return;
    }
    await connections.remove(id);
    await subscriptions.remove(id, [row, home]);
    if (!(await this.usersIn()).includes(user)) this.wereAway.add(user);
  }

  private async comes(id: string): Promise<void> {
    if (this.came.has(id)) return;
    await new Promise<void>((resolve) => this.waiting.set(id, resolve));
  }

  /** Users with a subscription. */
  private async usersIn(): Promise<readonly string[]> {
    const page = await this.memory.subscriptions.page({ channel: CHANNEL, shard: 0 });
    return [...new Set(page.subscriptions.flatMap(({ user }) => user ?? []))].toSorted();
  }

  private async work(id: string, { user }: Tab): Promise<void> {
    this.batches += 1;
    const batch = String(this.batches);
    const { isTwice = false, isBatched = false, lingerMs = LINGER_MS } = this.one;
    const connections = new Map<string, Placement>([[id, { channel: CHANNEL, shard: 0 }]]);
    const once = () =>
      this.atLeastOnce(`stream of ${id}`, async (process) => {
        if (isBatched) return this.workTogether(process, batch, lingerMs);
        const ports = this.portsOf(process);
        const isDue = await this.deeds.attend(ports, { channel: CHANNEL, user, connections }, lingerMs);
        if (isDue) await this.deeds.call(ports, batch);
      });
    await (isTwice ? Promise.race([once(), once()]) : once());
  }

  private async workTogether(process: string, batch: string, lingerMs: number): Promise<void> {
    const ports = this.portsOf(process);
    const sightings = Object.entries(this.one.tabs).map(([id, { user }]) => ({
      user,
      connections: new Map([[id, { channel: CHANNEL, shard: 0 }]]),
    }));
    const { isDue, failed } = await attend(ports, CHANNEL, sightings, lingerMs);
    if (isDue) await this.deeds.call(ports, batch);
    const [error] = failed.values();
    if (error !== undefined) throw error;
  }

  /** Lambda accepts an invocation, and does it at least once. */
  private startWorker(worker: string): void {
    void this.atLeastOnce('farewell', (process) =>
      workShift(this.portsOf(process), worker, Number.POSITIVE_INFINITY),
    );
  }

  private async watch(observer: ExploredObserver): Promise<void> {
    const { name } = observer;
    this.scheduler.spare(name);
    const row = subscriptionFixture({
      channel: CHANNEL,
      connectionId: name,
      seesMembers: true,
      takesDiffs: observer.takesDiffs,
      expiresAt: END,
    });
    const doors = {
      subscribe: () => this.memory.subscriptions.put(row),
      members: () =>
        membersOf(this.portsOf(name), { presence: { lingerSeconds: 10 } }, CHANNEL, '', () => true),
    };
    if (name === 'late') return this.deeds.begin(observer, doors);
    await doors.subscribe();
    await observer.read(doors);
  }

  /** Starts a process, and starts it again when it has died. */
  private atLeastOnce(name: string, run: (process: string) => Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const start = (attempt: number) => {
        this.processes += 1;
        const process = `${name}/${this.processes}`;
        if (attempt < MOST_RETRIES) this.retries.set(process, () => start(attempt + 1));
        run(process).then(resolve, (error) => {
          this.failures.push(`${process}: ${error}`);
          resolve();
        });
      };
      start(0);
    });
  }

  private portsOf(process: string): WorldPorts {
    const step = <Result>(label: string, run: () => Promise<Result>) =>
      this.scheduler.step(process, label, run);
    const { connections, subscriptions, presence, windows, dueList, shifts, outbound } = this.memory;
    const { isOpen = false } = this.one;
    return this.deeds.ports({
      ...this.memory,
      now: () => this.clock,
      subscriptions: {
        ...subscriptions,
        page: (...args) =>
          step(args[0].channel === CHANNEL ? 'audience' : 'others', () => subscriptions.page(...args)),
        attendance: (...args) => step('look', () => subscriptions.attendance(...args)),
        infoOf: (...args) => step('info', () => subscriptions.infoOf(...args)),
      },
      connections: {
        ...connections,
        shardOf: (...args) => step('shard', () => connections.shardOf(...args)),
      },
      presence: {
        read: (...args) => step('read', () => presence.read(...args)),
        write: (...args) => step('write', () => presence.write(...args)),
        announced: (...args) => step('mark', () => presence.announced(...args)),
        page: (...args) => step('members', () => presence.page(...args)),
      },
      windows: {
        async close(...args) {
          if (isOpen) return { isMine: true, closedUntil: 0 };
          return step('close', () => windows.close(...args));
        },
        fit: async (...args) => (isOpen ? undefined : step('fit', () => windows.fit(...args))),
      },
      dueList: {
        due: (...args) => step('due', () => dueList.due(...args)),
        next: () => step('next', () => dueList.next()),
      },
      shifts: {
        note: () => step('note', () => shifts.note()),
        take: (...args) => step('take', () => shifts.take(...args)),
        end: (...args) => step('end', () => shifts.end(...args)),
      },
      farewells: {
        ...this.memory.farewells,
        startShift: (worker) => step('start', async () => this.startWorker(worker)),
      },
      outbound: { ...outbound, post: (...args) => step('post', () => outbound.post(...args)) },
      pause: (ms) => this.pause(step, ms),
    });
  }

  private async pause(step: Step, ms: number): Promise<void> {
    const end = this.clock + Math.ceil(ms / TICK_MS) * TICK_MS;
    await step('wait', async () => {
      this.clock = Math.max(this.clock, end);
    });
  }

  private async observations(order: readonly Option[]): Promise<Observations> {
    const stored = new Map<string, Presence>();
    for (const { user } of Object.values(this.one.tabs)) {
      const presence = await this.memory.presence.read({ channel: CHANNEL, user });
      if (presence) stored.set(user, presence);
    }
    return {
      truth: await this.usersIn(),
      wereAway: this.wereAway,
      stored,
      believed: this.observers.map(({ believed }) => believed),
      posted: this.observers.find(({ name }) => name === 'early')?.heard ?? [],
      told: this.memory.told.map(({ id }) => id),
      failures: this.failures,
      order,
    };
  }
}
