/** HTTP sessions and mailboxes in memory, with DynamoDB's semantics. The same contract tests both. */

import { FRAMES_PER_POLL } from 'fanfare-protocol/limits';
import {
  type HttpSession,
  type HttpSessionStore,
  type MailboxEntry,
  type Mailboxes,
  type OpeningStore,
  type PlaceStore,
  sessionKeyIn,
} from '../../lambdas/realtime/connections/http-sessions.ts';

export function memoryHttpSessions(): HttpSessionStore {
  const sessions = new Map<string, HttpSession>();
  const ownedBy = (connectionId: string) => {
    const session = sessions.get(sessionKeyIn(connectionId));
    return session?.connectionId === connectionId ? session : undefined;
  };
  return {
    async open(session) {
      const previous = sessions.get(session.sessionKey)?.connectionId;
      sessions.set(session.sessionKey, session);
      return previous;
    },
    async find(sessionKey) {
      return sessions.get(sessionKey);
    },
    async renew(connectionId, leaseUntil) {
      const session = ownedBy(connectionId);
      if (session) sessions.set(session.sessionKey, { ...session, leaseUntil });
      return session !== undefined;
    },
    async noteSeen(connectionId, seenAt) {
      const session = ownedBy(connectionId);
      if (session) sessions.set(session.sessionKey, { ...session, seenAt });
    },
    async end(connectionId) {
      const session = ownedBy(connectionId);
      if (session) sessions.delete(session.sessionKey);
    },
  };
}

export function memoryOpenings(): OpeningStore {
  const counts = new Map<string, number>();
  return {
    async take(name, limit) {
      const count = counts.get(name) ?? 0;
      if (count < limit) counts.set(name, count + 1);
      return count < limit;
    },
  };
}

export function memoryPlaces(): PlaceStore {
  const held = new Map<number, { readonly holder: string; readonly until: number }>();
  return {
    async take(place, holder, { now, until }) {
      const found = held.get(place);
      if (found && found.until > now) return false;
      held.set(place, { holder, until });
      return true;
    },
    async free(place, holder) {
      if (held.get(place)?.holder === holder) held.delete(place);
    },
  };
}

export function memoryMailboxes(): Mailboxes {
  const boxes = new Map<string, MailboxEntry[]>();
  let count = 0;
  const put = (connectionId: string, content: MailboxEntry['content']) => {
    count += 1;
    const entryId = String(count).padStart(9, '0');
    boxes.set(connectionId, [...(boxes.get(connectionId) ?? []), { entryId, content }]);
  };
  return {
    async put(connectionId, frame) {
      put(connectionId, { frame: new TextDecoder().decode(frame) });
    },
    async putClosed(connectionId) {
      put(connectionId, 'closed');
    },
    async read(connectionId) {
      return (boxes.get(connectionId) ?? []).slice(0, FRAMES_PER_POLL);
    },
    async remove(connectionId, entryIds) {
      const rest = (boxes.get(connectionId) ?? []).filter(({ entryId }) => !entryIds.includes(entryId));
      boxes.set(connectionId, rest);
    },
  };
}
