/** An observer: it subscribes, asks for the members, and receives frames late and in any order. */

import { joinedEvent, leftEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import type { MemberPage } from '../../lambdas/realtime/presence/members.ts';
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
    const { event, member } = v.parse(presenceEvent, JSON.parse(new TextDecoder().decode(frame)));
    const { user, at } = member;
    this.heard.push({ event, user, at });
    const process = `network to ${this.name}/${this.heard.length}`;
    this.scheduler.spare(process);
    void this.scheduler.step(process, `brings ${event} ${at}`, async () =>
      this.list.hear(event, { user, at }),
    );
  }
}
