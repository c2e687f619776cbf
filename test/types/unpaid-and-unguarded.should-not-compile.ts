/** Calls that must not compile: publishing without the meter that charges it, and serving without a door that is guarded. */

import { publishLive, publishLogged } from '../../lambdas/realtime/log/publish.ts';
import type { UpgradeWay, Way } from '../../packages/local/src/guard/guarded-server.ts';

declare const live: Parameters<typeof publishLive>;
declare const logged: Parameters<typeof publishLogged>;

const [livePorts, liveChannel, liveSender, liveDrafts, liveSpend] = live;
const [log, loggedSender, loggedDrafts, loggedSpend] = logged;

export const publications = [
  publishLive(livePorts, liveChannel, liveSender, liveDrafts, liveSpend),
  // @ts-expect-error -- decision 30: what leaves is charged
  publishLive(livePorts, liveChannel, liveSender, liveDrafts),
  publishLogged(log, loggedSender, loggedDrafts, loggedSpend),
  // @ts-expect-error -- decision 30: what leaves is charged
  publishLogged(log, loggedSender, loggedDrafts),
];

export const ways: readonly Way[] = [
  { door: 'page', take: () => {} },
  // @ts-expect-error -- decision 31: each path has a door
  { take: () => {} },
  // @ts-expect-error -- decision 31: a door is one that the guard knows
  { door: 'open', take: () => {} },
];

export const upgrades: readonly UpgradeWay[] = [
  { door: { admits: () => false }, take: () => {} },
  // @ts-expect-error -- decision 31: upgrades have a door, too
  { take: () => {} },
  // @ts-expect-error -- decision 31: an app's door says whom it admits
  { door: {}, take: () => {} },
];
