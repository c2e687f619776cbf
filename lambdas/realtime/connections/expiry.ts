/**
 * Closes sockets whose token has ended, also if they get no post and never send: the gateway answers their pings without us
 * (MK-1), and would keep them for two hours (KA-6).
 *
 * A connection that was not closed stays in the index, so the next sweep finds it, even after a crash.
 */

import { ALL } from 'fanfare-protocol/channel';
import { closeEach } from './close-each.ts';
import type { Connection } from './connection-store.ts';
import { type ExpelPorts, isConnecting } from './expel.ts';
import { forget } from './membership.ts';

/** Connections whose time is over, in the order in which their times end. */
export interface ExpiryStore {
  /** The connections are spread over this many lanes, counted from 0. */
  readonly lanes: number;
  /**
   * A page of one lane: connections that should be closed by `now` and were not forgotten, as far as the index knows yet. Seconds
   * since 1970.
   */
  expired(lane: number, now: number, after?: ExpiryCursor): Promise<ExpiryPage>;
}

interface ExpiryPage {
  readonly connections: readonly Pick<Connection, 'connectionId' | 'handshakeUntil'>[];
  /** Pass it as `after` to read the next page. Absent on the last page. */
  readonly next?: ExpiryCursor;
}

export interface ExpiryCursor {
  readonly connectionId: string;
  readonly closesAt: number;
}

export interface SweepPorts extends ExpelPorts {
  readonly expiry: ExpiryStore;
}

/**
 * Closes and forgets all connections whose time is over, as far as it gets. One that may still be connecting is left to the next
 * sweep.
 *
 * @param until when it begins no further page. Milliseconds since 1970.
 * @returns how many it found and how many of these it could not close or forget; `isDone`: whether it saw the end of every lane.
 */
export async function closeExpired(ports: SweepPorts, until: number) {
  const now = Math.floor(ports.now() / 1000);
  let [found, failed] = [0, 0];
  let open: readonly LanePosition[] = Array.from({ length: ports.expiry.lanes }, (_, lane) => ({ lane }));
  // Takes a page of each lane in turn, so that a backlog in one lane does not hold up the others.
  while (open.length > 0 && ports.now() < until) {
    const pages = await Promise.all(open.map(({ lane, after }) => ports.expiry.expired(lane, now, after)));
    const due = pages.flatMap(({ connections }) => connections);
    found += due.length;
    failed += await closeEach(ports, ALL, due, async (connection, outcome) => {
      if (outcome === 'closed' || !isConnecting(connection, ports.now()))
        await forget(ports, connection.connectionId);
    });
    open = open.flatMap(({ lane }, index) => positionAfter(lane, pages[index]));
  }
  return { found, failed, isDone: open.length === 0 };
}

/** How far a lane was read. */
interface LanePosition {
  readonly lane: number;
  readonly after?: ExpiryCursor;
}

function positionAfter(lane: number, page: ExpiryPage | undefined): readonly LanePosition[] {
  return page?.next ? [{ lane, after: page.next }] : [];
}
