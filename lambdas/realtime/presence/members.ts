/** The members of a channel, page by page: from stored presence if the namespace has presence, else from the subscriptions. */

import type { Member } from 'fanfare-protocol/actions';
import type { NamespacePolicy } from '../access/namespaces.ts';
import type { Clock } from '../clock.ts';
import { groupOf } from '../connections/grouping.ts';
import type { AudiencePorts } from '../delivery/audience.ts';
import { logLines } from '../log-lines.ts';
import type { Logging } from '../structured-log.ts';
import type { MemberPage, Take } from './member-page.ts';
import { isOverdue, isShown, type Presence } from './presence-state.ts';
import type { DueUser, Farewells, MemberKey, PresencePage, PresenceStore } from './presence-store.ts';
import { subscribedUsers } from './subscribed-users.ts';

export interface PresencePorts {
  readonly presence: Pick<PresenceStore, 'page'>;
  readonly farewells: Pick<Farewells, 'start'>;
}

export type MembersPorts = AudiencePorts & Pick<Clock, 'now'> & Logging & PresencePorts;

/** Queries for one page, each of up to 1 MB. They also read users who left recently. */
const QUERIES_PER_PAGE = 10;

/**
 * The members of one page for a server, whose page is bounded by a number and not by a frame. Each entry with `info` may have 1 KB, and
 * a reply of Lambda 6 MB.
 */
export function membersPerPage({ presence }: Pick<NamespacePolicy, 'presence'>): number {
  return presence === 'none' ? 5_000 : 1_000;
}

/** @param cursor `next` of the page before; from the start if empty. */
export function membersOf(
  ports: MembersPorts,
  policy: Pick<NamespacePolicy, 'presence' | 'subscriptions'>,
  channel: string,
  cursor: string,
  take: Take,
): Promise<MemberPage> {
  if (policy.presence !== 'none') return presentUsers(ports, channel, cursor, take);
  return subscribedUsers(ports, { channel, group: groupOf(policy, channel) }, cursor, take);
}

async function presentUsers(
  ports: MembersPorts,
  channel: string,
  cursor: string,
  take: Take,
): Promise<MemberPage> {
  const now = ports.now();
  const members: Member[] = [];
  const overdue: DueUser[] = [];
  let next: string | undefined = cursor;
  for (let query = 0; query < QUERIES_PER_PAGE && next !== undefined; query++) {
    const page: PresencePage = await ports.presence.page(channel, next);
    const due = page.rows.filter((row) => isOverdue(row, now));
    overdue.push(...due.map(({ user }) => ({ channel, user, until: 0 })));
    const shown = page.rows.filter((row) => isShown(row, now)).map(memberOf);
    const taken = takeFrom(shown, take);
    members.push(...taken);
    next = page.next;
    if (taken.length === shown.length) continue;
    next = members.at(-1)?.user ?? cursor;
    break;
  }
  await lookAgain(ports, overdue);
  return { members, ...(next !== undefined && { next }) };
}

function memberOf({ user, info, version }: MemberKey & Presence): Member {
  return { user, ...(info !== undefined && { info }), at: version };
}

function takeFrom(members: readonly Member[], take: Take): readonly Member[] {
  const end = members.findIndex((member) => !take(member));
  return end < 0 ? members : members.slice(0, end);
}

/** Starts the worker for users whose change is overdue, because a worker died or a record was lost. */
async function lookAgain({ farewells, log }: MembersPorts, overdue: readonly DueUser[]): Promise<void> {
  if (overdue.length === 0) return;
  await farewells.start(overdue).catch((error) => {
    log.warn(logLines.overdueUnread, { overdue: overdue.length, reason: String(error) });
  });
}
