/** An observer: it subscribes, asks for the members, and receives frames late and in any order. One of them takes no diffs, as older clients. */

import { joinedEvent, leftEvent, presenceDiff } from 'fanfare-protocol/events';
import * as v from 'valibot';
import type { MemberPage } from '../../lambdas/realtime/presence/member-page.ts';
import type { MemberList } from '../../packages/client/src/lib/member-list.ts';
import type { Scheduler } from './scheduler.ts';

/** An observer that is there from the beginning, or one that comes in between. */
export type ObserverName = 'early' | 'late';

/** The posted frames that have not arrived yet. */
export interface Heard {
  readonly event: 'joined' | 'left';
  readonly user: string;
  readonly at: number;
}

const presenceEvent = v.variant('event', [joinedEvent, leftEvent]);
const presenceFrame = v.union([presenceEvent, presenceDiff]);

/** Subscribes to the channel, and asks for its members. */
export interface Doors {
  readonly subscribe: () => Promise<void>;
  readonly members: () => Promise<MemberPage>;
}

export class ExploredObserver {
  readonly name: ObserverName;
  readonly list: Pick<MemberList, 'ask' | 'hear' | 'answer' | 'members'>;
  readonly heard: Heard[] = [];
  private readonly scheduler: Scheduler;

  constructor(name: ObserverName, list: ExploredObserver['list'], scheduler: Scheduler) {
    this.name = name;
    this.list = list;
    this.scheduler = scheduler;
  }

  get takesDiffs(): boolean {
    return this.name === 'late';
  }

  get believed(): readonly string[] {
    return this.list.members.map(({ user = '' }) => user).toSorted();
  }

  subscribe({ subscribe }: Doors): Promise<void> {
    return this.scheduler.step(this.name, 'subscribes', subscribe);
  }

  async read({ members: ask }: Doors): Promise<void> {
    this.list.ask();
    const { members } = await ask();
    const found = members.map(({ user, at = 0 }) => ({ user, at }));
    await this.scheduler.step(this.name, 'is answered', async () => this.list.answer(found));
  }

  /** It is on its way for as long as the network likes. */
  receive(frame: Uint8Array): void {
    const events = this.understand(JSON.parse(new TextDecoder().decode(frame)));
    if (events.length === 0) return;
    this.heard.push(...events);
    const process = `network to ${this.name}/${this.heard.length}`;
    this.scheduler.spare(process);
    const label = events.map(({ event, at }) => `${event} ${at}`).join(' and ');
    void this.scheduler.step(process, `brings ${label}`, async () => {
      for (const { event, user, at } of events) this.list.hear(event, { user, at });
    });
  }

  private understand(frame: unknown): readonly Heard[] {
    const told = v.parse(presenceFrame, frame);
    if (!Array.isArray(told)) return [{ event: told.event, user: told.member.user, at: told.member.at }];
    if (!this.takesDiffs) return [];
    return told.flatMap(({ event, members }) => members.map(({ user, at }) => ({ event, user, at })));
  }
}
