/** Compares the final lists of all observers with the users who are really there. */

import type { Connection } from 'fanfare-client';
import type { MemberWatch } from 'fanfare-client/presence';
import type { Tab, Word } from './tab.ts';

export interface Room {
  readonly channel: string;
  readonly users: readonly User[];
  readonly watches: { readonly connection: Connection; readonly watch: MemberWatch }[];
  readonly witnesses: Tab[];
}

export interface User {
  readonly name: string;
  readonly tabs: (Tab | undefined)[];
  busy: Promise<void>;
}

export interface ChaosResult {
  readonly connects: number;
  readonly cuts: number;
  readonly kills: number;
  readonly observers: number;
  /** Users who are present at the end, and users who are not. */
  readonly here: number;
  readonly away: number;
  /** Observers with a wrong list, and their lists. */
  readonly wrong: readonly string[];
  /** Members that an observer's list has more than once. */
  readonly twice: number;
  /** Observers whose connection the server has closed: a worker that had to reach them died twice. */
  readonly closed: number;
  /** Users whose join or leave an observer missed that was there from begin to end, with what it got, and what is stored. */
  readonly outOfTurn: readonly string[];
  /** That such observers got. */
  readonly frames: number;
}

/** All open connections. */
export function tabsOf({ users, witnesses }: Room): readonly Tab[] {
  return [...witnesses, ...users.flatMap(({ tabs }) => tabs.flatMap((tab) => (tab?.isOpen ? [tab] : [])))];
}

/** The version of each user that is stored at the end; 0 of a user whom no worker has seen. */
export type StoredVersions = ReadonlyMap<string, number>;

export function verdict(
  rooms: readonly Room[],
  stored: StoredVersions,
  counts: Pick<ChaosResult, 'connects' | 'cuts' | 'kills'>,
): ChaosResult {
  const wrong: string[] = [];
  const outOfTurn: string[] = [];
  const sum = { here: 0, away: 0, observers: 0, closed: 0, twice: 0, frames: 0 };
  for (const room of rooms) {
    const truth = room.users.filter(({ tabs }) => tabs.some((tab) => tab?.isOpen)).map(({ name }) => name);
    const lists = [
      ...tabsOf(room).map(({ users }) => ['a tab', users] as const),
      ...room.watches.map(
        ({ connection: { state }, watch }) =>
          [`the library, ${state}`, watch.members.map(({ user = '' }) => user)] as const,
      ),
    ];
    for (const [who, list] of lists) {
      const difference = differenceOf(truth, list);
      if (difference) wrong.push(`${room.channel}, ${who}: ${difference}`);
      sum.twice += list.length - new Set(list).size;
    }
    sum.here += truth.length;
    sum.away += room.users.length - truth.length;
    sum.observers += lists.length;
    const open = room.witnesses.filter(({ isOpen }) => isOpen);
    sum.closed += room.witnesses.length - open.length;
    for (const witness of open) {
      sum.frames += witness.words.length;
      outOfTurn.push(...missedBy(witness, room.users, truth, stored));
    }
  }
  return { ...counts, ...sum, wrong, outOfTurn };
}

function differenceOf(truth: readonly string[], list: readonly string[]): string | undefined {
  const missing = truth.filter((user) => !list.includes(user));
  const ghosts = list.filter((user) => !truth.includes(user));
  if (missing.length + ghosts.length === 0) return undefined;
  return `without ${missing.join(', ') || 'nobody'}, and with ${ghosts.join(', ') || 'nobody'} who has left`;
}

/** The users whose joins and leaves are not those that the observer got, with these. */
function missedBy(
  { words }: Tab,
  users: readonly User[],
  truth: readonly string[],
  stored: StoredVersions,
): string[] {
  return users.flatMap(({ name }) => {
    const version = stored.get(name) ?? 0;
    if (isInTurn(words, name, truth.includes(name), version)) return [];
    const came = words
      .filter(({ member }) => member.user === name)
      .map(({ event, member }) => `${event} at ${member.at}`);
    return [`${name}: ${came.join(', ')}; version ${version} is stored`];
  });
}

/**
 * The observer got each join and each leave up to the stored version, and the newest event is the truth. Events may come twice and late.
 *
 * On a slow machine the workers are far behind: a tab may have closed before a worker looked at it. Of a user who was never seen with an
 * open tab, and has left, observers have nothing to hear.
 */
function isInTurn(words: readonly Word[], name: string, isHere: boolean, version: number): boolean {
  const events = new Map(
    words.filter(({ member }) => member.user === name).map(({ event, member }) => [member.at, event]),
  );
  const inTurn = [...events].toSorted(([one], [other]) => one - other);
  const [at, last] = inTurn.at(-1) ?? [0, 'left'];
  return (
    inTurn.every(([, event], index) => event === (index % 2 === 0 ? 'joined' : 'left')) &&
    at === version &&
    last === (isHere ? 'joined' : 'left')
  );
}
