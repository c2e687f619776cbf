/**
 * The shift: one execution of `farewell` waits for all users who are due, of all channels of the stage. Functions that put users into the
 * due list note it, and start a worker if no one has the shift. The worker ends its shift only if there was no note since it looked, so
 * no user waits without a worker.
 */

import { visitInFlight } from '../in-flight.ts';
import { logLines } from '../log-lines.ts';
import type { AnnouncePorts } from './announce.ts';
import { makeDue } from './attendance.ts';
import { closeWindow } from './closed-window.ts';
import type { DueList, DueUser, Farewells, ShiftStore } from './presence-store.ts';

export interface CallPorts extends Pick<AnnouncePorts, 'now'> {
  readonly shifts: ShiftStore;
  readonly farewells: Farewells;
}

export interface ShiftPorts extends AnnouncePorts, CallPorts {
  readonly dueList: DueList;
}

/** Another worker may take the shift after that, if this one has died. Lambda repeats a worker that died after a minute. Milliseconds. */
const LEASE_MS = 30_000;

/** The worker renews its lease so often, and not at each look: a renewal is a write unit. Milliseconds. */
const RENEWED_EVERY_MS = 10_000;

/** The worker looks at the list so often, because it cannot know of users who came into it. Milliseconds. */
const LONGEST_NAP_MS = 500;

/** The due list is an index, which may be behind the table for about a second. Milliseconds. */
const LIST_BEHIND_MS = 1_000;

/** A channel for which it failed rests for this long, so that it does not keep the worker from others. Milliseconds. */
const REST_MS = 5_000;

/** Handed over to another execution, a channel is left to it for this long. Milliseconds. */
const HANDED_OVER_MS = 30_000;

/** Channels that are announced at a time. Each one has a few requests for each user, and then the posts of one diff. */
const CHANNELS_IN_FLIGHT = 16;

/** Users of one channel in one diff. More of them wait for the next window. */
const USERS_PER_DIFF = 1_000;

/** After this many users the worker hands other channels to executions of their own: its CPU takes about a hundred a second. */
const USERS_PER_TURN = 200;

/**
 * Makes sure that a worker comes for users who are in the due list by now.
 *
 * @param worker names the shift. A caller that is repeated gives the same name, because it may have died before it started the worker.
 */
export async function callWorker({ shifts, farewells, now }: CallPorts, worker: string): Promise<void> {
  const shift = await shifts.note();
  const time = now();
  if (shift.worker !== worker && shift.until > time) return;
  // When it is not free any more, a worker has taken it after the note, and will look at the list.
  if (await shifts.take(worker, { now: time, until: time + LEASE_MS })) await farewells.startShift(worker);
}

export interface FollowPorts extends CallPorts {
  readonly dueList: Pick<DueList, 'next'>;
}

/** A worker that lives has looked at a user who is due for so long. Milliseconds. */
const MISSED_MS = 15_000;

/**
 * Calls a worker if users are long overdue: the last one has died in every repetition, or ended while the due list was behind.
 *
 * @returns whether users are overdue.
 */
export async function followWorker(ports: FollowPorts, worker: string): Promise<boolean> {
  const next = await ports.dueList.next();
  if (next === undefined || next > ports.now() - MISSED_MS) return false;
  await callWorker(ports, worker);
  return true;
}

/** Handles the due list until it is empty. Starts the next worker when the time is over. */
export async function workShift(ports: ShiftPorts, worker: string, endsAt: number): Promise<void> {
  const resting = new Map<string, number>();
  let lease: Lease | undefined;
  for (;;) {
    lease = await leaseAfter(ports, worker, lease);
    if (!lease) return;
    const lookedAt = ports.now();
    await makeAllDue(ports, resting, lookedAt);
    const next = await ports.dueList.next();
    if (next === undefined && lookedAt - lease.seenAt >= LIST_BEHIND_MS) {
      if (await ports.shifts.end(worker, lease.notes)) return;
      // There are notes that it has not seen, or another worker has the shift.
      lease = { ...lease, renewedAt: 0 };
    }
    if (ports.now() >= endsAt) return ports.farewells.startShift(worker);
    await ports.pause(napMs({ lookedAt, now: ports.now() }, next, resting));
  }
}

interface Lease {
  /** The notes that the worker has seen. */
  readonly notes: number;
  /** When it first saw them. What they are about is in the list a moment later. Milliseconds since 1970. */
  readonly seenAt: number;
  /** Milliseconds since 1970. */
  readonly renewedAt: number;
}

/** The lease, renewed if it is time; `undefined` if another worker has the shift. */
async function leaseAfter(
  { shifts, now }: Pick<ShiftPorts, 'shifts' | 'now'>,
  worker: string,
  lease: Lease | undefined,
): Promise<Lease | undefined> {
  const time = now();
  if (lease && time - lease.renewedAt < RENEWED_EVERY_MS) return lease;
  const shift = await shifts.take(worker, { now: time, until: time + LEASE_MS });
  if (!shift) return undefined;
  const { notes } = shift;
  return { notes, seenAt: lease?.notes === notes ? lease.seenAt : time, renewedAt: time };
}

/** Makes what is due in every channel whose window is open. */
async function makeAllDue(ports: ShiftPorts, resting: Map<string, number>, now: number): Promise<void> {
  for (const [channel, until] of resting) if (until <= now) resting.delete(channel);
  const due = byChannel(await ports.dueList.due(now));
  const handedOver: DueUser[] = [];
  let users = 0;
  await visitInFlight([...due], CHANNELS_IN_FLIGHT, async ([channel, waiting]) => {
    if (resting.has(channel)) return;
    const window = await closeWindow(ports, channel);
    if (!window.isMine) {
      resting.set(channel, window.closedUntil);
      return;
    }
    const portion = waiting.slice(0, USERS_PER_DIFF);
    const isTooMuch = users > 0 && users + portion.length > USERS_PER_TURN;
    users += portion.length;
    if (isTooMuch) {
      handedOver.push(...portion);
      resting.set(channel, ports.now() + HANDED_OVER_MS);
      return;
    }
    const failed = await makeDue(ports, channel, portion, window);
    if (failed.size > 0) resting.set(channel, ports.now() + REST_MS);
    for (const error of failed.values())
      ports.log.warn(logLines.presenceLate, { channel, reason: String(error) });
  });
  if (handedOver.length > 0) await ports.farewells.start(handedOver);
}

/** The users of each channel, in their order. */
export function byChannel(due: readonly DueUser[]): ReadonlyMap<string, readonly DueUser[]> {
  const channels = new Map<string, DueUser[]>();
  for (const one of due) channels.set(one.channel, [...(channels.get(one.channel) ?? []), one]);
  return channels;
}

interface Look {
  readonly lookedAt: number;
  readonly now: number;
}

/**
 * Until the next user is due, or the next channel may be looked at, but not for long. What was due at the look, and is still there, rests or
 * failed. What became due since then is looked at next: a window that opens meanwhile is the worker's only for a moment.
 */
function napMs(
  { lookedAt, now }: Look,
  next: number | undefined,
  resting: ReadonlyMap<string, number>,
): number {
  const times = [...resting.values(), ...(next === undefined ? [] : [next])].filter(
    (time) => time > lookedAt,
  );
  return Math.max(1, Math.min(LONGEST_NAP_MS, ...times.map((time) => time - now)));
}
