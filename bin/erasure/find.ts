/** Finds the data of one user in the items of each table. */

import type { Item } from '../../lambdas/aws/record-item.ts';
import { channelIn } from '../../lambdas/aws/subscription-item.ts';
import type { TableName } from '../../lambdas/manifest/manifest.ts';
import { emptiedFrame, tellsOf } from './emptied-frame.ts';
import { emptiedMessages } from './emptied-message.ts';
import { byAuthor, DELETE, deleteIf, type Find, type Finding, keep } from './finding.ts';
import type { Subject } from './subject.ts';

const text = (item: Item, name: string) => item[name]?.S ?? '';
const number = (item: Item, name: string) => Number(item[name]?.N ?? 0);

const isUsers = (item: Item, { user }: Subject) => text(item, 'user') === user;
const isHome = (item: Item, { home }: Subject) => text(item, 'channel') === home;
const isOfConnection = (item: Item, { connections }: Subject) => connections.has(text(item, 'connectionId'));

export const finders: Readonly<Record<TableName, Find>> = {
  revocations: (item, subject) =>
    isUsers(item, subject) ? keep('it refuses the tokens that the user still has') : undefined,

  messages(item, subject) {
    if (isHome(item, subject)) return DELETE;
    if (text(item, 'from') !== subject.user) return undefined;
    return { kind: 'rewrite', rewriting: emptiedMessages(item, subject.user) };
  },

  values(item, subject) {
    if (isHome(item, subject)) return DELETE;
    if (text(item, 'from') !== subject.user) return undefined;
    return { kind: 'delete', condition: byAuthor(subject.user) };
  },

  readPositions: (item, subject) => deleteIf(isUsers(item, subject) || isHome(item, subject)),

  // The key is the channel, and a hash of the sender and the key. Only in the user's own channel is it known to be theirs.
  publishKeys: (item, { home }) => deleteIf(text(item, 'publishKey').startsWith(`${home}#`)),

  deliveryClaims: (item, { home }) => deleteIf(text(item, 'piece') === `late/${home}`),

  mailboxes: ofMailbox,

  httpSessions: (item, subject) =>
    deleteIf(subject.sessions.has(text(item, 'sessionKey')) || isOfConnection(item, subject)),

  charges: (item, subject) => deleteIf(isOfConnection(item, subject)),

  presence(item, subject) {
    const channel = text(item, 'channel');
    if (channel === `#window:${subject.home}`) return DELETE;
    if (!isUsers(item, subject) && channel !== subject.home) return undefined;
    return isToldOf(item)
      ? DELETE
      : keep('others are not told yet that the user has left; run it again in a minute');
  },

  occupancy(item, subject) {
    if (!isHome(item, subject)) return undefined;
    const isOver = !item['occupied']?.BOOL && number(item, 'told') >= number(item, 'version');
    return isOver ? DELETE : keep('its end is not told yet; run it again in a minute');
  },

  channels: (item, subject) => deleteIf(isHome(item, subject)),

  subscriptions: (item, subject) =>
    deleteIf(isUsers(item, subject) || channelIn(item) === subject.home || isOfConnection(item, subject)),

  // A connection that is still owed its end has lost its user, and has its channels.
  connections: (item, subject) =>
    deleteIf(
      isUsers(item, subject) ||
        isOfConnection(item, subject) ||
        Object.hasOwn(item['channels']?.M ?? {}, subject.home),
    ),
};

/** The worker deletes nothing: it has to find the row to tell the leave. */
function isToldOf(item: Item): boolean {
  const version = number(item, 'version');
  const reported = item['reported'] ? number(item, 'reported') : number(item, 'announced');
  return text(item, 'state') === 'gone' && number(item, 'announced') >= version && reported >= version;
}

/** Frames wait for their client. Those of other users may have messages of this one. */
function ofMailbox(item: Item, subject: Subject): Finding | undefined {
  if (isOfConnection(item, subject)) return DELETE;
  const bytes = item['frame']?.B;
  if (!bytes) return undefined;
  const frame = Buffer.from(bytes).toString('utf8');
  const emptied = emptiedFrame(frame, subject.user);
  const isTheirs = emptied !== undefined || tellsOf(frame, subject.user);
  if (!isTheirs) return undefined;
  // TTL deletes late, and no client asks for such an entry any more.
  if (number(item, 'expiresAt') <= subject.now) return DELETE;
  if (emptied === undefined)
    return keep('it tells another client that the user came or left, for 15 minutes');
  return {
    kind: 'rewrite',
    rewriting: {
      UpdateExpression: 'SET #frame = :frame',
      // Its client may have taken it meanwhile.
      ConditionExpression: 'attribute_exists(connectionId)',
      ExpressionAttributeNames: { '#frame': 'frame' },
      ExpressionAttributeValues: { ':frame': { B: Buffer.from(emptied) } },
    },
  };
}
