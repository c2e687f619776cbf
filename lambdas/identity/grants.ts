/** Whether the `channels` claim of a token allows something. */

import type { Grants, Permission } from 'fanfare-protocol/grants';

export type { Grants, Permission } from 'fanfare-protocol/grants';

/** Whether one of the patterns names the channel for this. */
export function isGranted(claim: Grants, permission: Permission, channel: string): boolean {
  return Object.entries(claim).some(
    ([name, granted]) => granted.includes(permission) && matches(name, channel),
  );
}

function matches(name: string, channel: string): boolean {
  return name.endsWith('*') ? channel.startsWith(name.slice(0, -1)) : channel === name;
}
