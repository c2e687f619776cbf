/** The table of groups, in the order in which they run. */

import type { Group } from './fact.ts';
import { account } from './groups/account.ts';
import { api } from './groups/api.ts';
import { fallback } from './groups/fallback.ts';
import { frames } from './groups/frames.ts';
import { handshake } from './groups/handshake.ts';
import { logs } from './groups/logs.ts';
import { lost } from './groups/lost.ts';
import { management } from './groups/management.ts';
import { messages } from './groups/messages.ts';
import { oddFrames } from './groups/odd-frames.ts';
import { ping } from './groups/ping.ts';
import { presence } from './groups/presence.ts';
import { slow } from './groups/slow.ts';
import { stages } from './groups/stages.ts';
import { wide } from './groups/wide.ts';
import type { NamedGroups } from './run.ts';

const groups = {
  account,
  handshake,
  ping,
  'odd-frames': oddFrames,
  messages,
  frames,
  management,
  lost,
  presence,
  api,
  stages,
  wide,
  fallback,
  slow,
  // The last group: it searches the logs for tokens of all other groups.
  logs,
} as const satisfies Readonly<Record<string, Group>>;

export type GroupName = keyof typeof groups;

export const groupNames: readonly GroupName[] = Object.keys(groups).filter(isGroupName);

export function isGroupName(name: string): name is GroupName {
  return Object.hasOwn(groups, name);
}

/** The groups that were named, or all. The slow ones run only if the options ask for them. */
export function chosenGroups({
  groups: named,
  slow: isPatient,
}: {
  readonly groups: readonly GroupName[];
  readonly slow: boolean;
}): NamedGroups {
  const wanted = named.length > 0 ? named : groupNames.filter((name) => name !== 'slow');
  return groupNames
    .filter((name) => wanted.includes(name) || (name === 'slow' && isPatient))
    .map((name) => [name, groups[name]]);
}
