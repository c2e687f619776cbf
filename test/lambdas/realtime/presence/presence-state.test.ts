import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attendance } from '../../../../lambdas/realtime/connections/subscription-store.ts';
import {
  afterDue,
  expiryOf,
  isOverdue,
  isPending,
  isShown,
  LATE_MS,
  NEVER_PRESENT,
  observed,
  type Presence,
} from '../../../../lambdas/realtime/presence/presence-state.ts';
import { NOW } from '../../../memory/memory-ports.ts';

const LINGER_MS = 10_000;
const END = NOW / 1000 + 3_600;
const MINUTE = 60_000;

const there = (info?: unknown): Attendance => ({ expiresAt: END, ...(info !== undefined && { info }) });

function look(
  before: Presence,
  findings: Readonly<Record<string, Attendance | undefined>>,
  now = NOW,
  lingerMs = LINGER_MS,
): Presence {
  return observed(before, new Map(Object.entries(findings)), { now, lingerMs });
}

const here = look(NEVER_PRESENT, { a: there({ name: 'Ann' }) });
const leaving = look(here, { a: undefined }, NOW + 1_000);
const gone = afterDue(leaving, NOW + 1_000 + LINGER_MS);

/** Of a window that is closed for a second. */
const CLOSED = { now: NOW, lingerMs: LINGER_MS, closedUntil: NOW + 1_000 };
const lookAtClosed = (before: Presence, findings: Readonly<Record<string, Attendance | undefined>>) =>
  observed(before, new Map(Object.entries(findings)), CLOSED);

const arriving = lookAtClosed(NEVER_PRESENT, { a: there() });

const finding = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  isThere: fc.boolean(),
  /** Milliseconds since the one before. */
  later: fc.nat(MINUTE),
  /** Whether the worker of the linger runs then. */
  waits: fc.boolean(),
  /** Whether the window of the channel is closed then. */
  isClosed: fc.boolean(),
});

/** One look after the other. */
function replay(findings: readonly (typeof finding extends fc.Arbitrary<infer Finding> ? Finding : never)[]) {
  let presence = NEVER_PRESENT;
  let now = NOW;
  const versions: number[] = [];
  for (const { id, isThere, later, waits, isClosed } of findings) {
    now += later;
    const found = new Map([[id, isThere ? there() : undefined]]);
    const closedUntil = isClosed ? now + MINUTE / 2 : 0;
    presence = observed(presence, found, { now, lingerMs: LINGER_MS, closedUntil });
    if (waits) presence = afterDue(presence, now);
    versions.push(presence.version);
  }
  return { presence, now, versions };
}

describe('a user', () => {
  it('is there with the first connection, which is a version of its own', () => {
    expect(here).toEqual({
      state: 'here',
      connections: new Map([['a', END]]),
      info: { name: 'Ann' },
      until: 0,
      version: NOW,
      announced: 0,
      reported: 0,
      revision: 1,
    });
  });

  it('is there as before with a second one, and without one of two', () => {
    const two = look(here, { b: there({ name: 'Ann' }) }, NOW + 5);
    const one = look(two, { a: undefined }, NOW + 6);

    expect(two).toMatchObject({ state: 'here', version: NOW });
    expect(one).toMatchObject({ state: 'here', version: NOW, connections: new Map([['b', END]]) });
  });

  it('is leaving without a connection, and keeps the version that observers know', () => {
    expect(leaving).toMatchObject({ state: 'leaving', until: NOW + 1_000 + LINGER_MS, version: NOW });
  });

  it('keeps its version if it comes back before the linger ends', () => {
    const back = look(leaving, { b: there({ name: 'Ann' }) }, NOW + 1_000 + LINGER_MS - 1);

    expect(back).toMatchObject({ state: 'here', until: 0, version: NOW });
    expect(afterDue(back, NOW + MINUTE)).toBe(back);
  });

  it('is gone when the linger ends, and not 1 ms before', () => {
    expect(afterDue(leaving, NOW + 1_000 + LINGER_MS - 1)).toBe(leaving);
    const end = NOW + 1_000 + LINGER_MS;
    // It stays in the due list until it was told.
    expect(gone).toMatchObject({ state: 'gone', until: end, version: end });
    expect(afterDue(gone, NOW + MINUTE)).toBe(gone);
  });

  it('has a new version if it comes back after a worker has ended the linger, or should have done so long ago', () => {
    const late = NOW + 1_000 + LINGER_MS;

    expect(look(gone, { b: there() }, late + 5)).toMatchObject({ state: 'here', version: late + 5 });
    expect(look(leaving, { b: there({ name: 'Ann' }) }, late + LATE_MS - 1)).toMatchObject({ version: NOW });
    expect(look(leaving, { b: there({ name: 'Ann' }) }, late + LATE_MS)).toMatchObject({
      state: 'here',
      version: late + LATE_MS,
    });
  });

  it('is gone at once when the namespace has no linger', () => {
    expect(look(here, { a: undefined }, NOW + 5, 0)).toMatchObject({ state: 'gone', version: NOW + 5 });
  });

  it('has a new version for new info, and none for info that was known', () => {
    expect(look(here, { b: there({ name: 'Anna' }) }, NOW + 5)).toMatchObject({
      info: { name: 'Anna' },
      version: NOW + 5,
    });
    expect(look(here, { b: there() }, NOW + 5)).not.toHaveProperty('info');
    expect(look(leaving, { b: there('new') }, NOW + 2_000)).toMatchObject({ version: NOW + 2_000 });
  });

  it('keeps the info of the latest connection when an older one is looked at again', () => {
    const two = look(here, { b: there({ name: 'Anna' }) }, NOW + 5);

    expect(look(two, { a: there({ name: 'Ann' }) }, NOW + 6)).toMatchObject({
      info: { name: 'Anna' },
      version: NOW + 5,
    });
  });

  it('has rising versions even if the clock goes back', () => {
    const back = look(look(here, { a: undefined }, NOW, 0), { a: there() }, NOW - 5);

    expect(back.version).toBe(NOW + 2);
  });

  it('leaves a stored state but no announcement if no look ever found a connection', () => {
    const unseen = look(NEVER_PRESENT, { a: undefined });

    expect(unseen).toEqual({ ...NEVER_PRESENT, revision: 1 });
    expect(isPending(unseen)).toBe(false);
  });

  it('is not kept present by an expired connection, found or stored', () => {
    const afterwards = END * 1000;

    expect(look(NEVER_PRESENT, { a: there() }, afterwards)).toMatchObject({ state: 'gone', version: 0 });
    const other = { b: { expiresAt: END + 60 } };
    expect(look(here, other, afterwards)).toMatchObject({
      connections: new Map([['b', END + 60]]),
      // A request for members in between did not show the user.
      version: afterwards,
    });
    expect(afterDue(here, afterwards)).toMatchObject({ state: 'gone', version: afterwards });
  });
});

describe('while the window of the channel is closed, a user', () => {
  it('who comes is arriving, without a version, and is here when the window opens', () => {
    expect(arriving).toMatchObject({ state: 'arriving', until: NOW + 1_000, version: 0 });
    expect(isPending(arriving)).toBe(false);
    expect(afterDue(arriving, NOW + 999)).toBe(arriving);
    expect(afterDue(arriving, NOW + 1_000)).toMatchObject({ state: 'here', version: NOW + 1_000 });
  });

  it('who joins and leaves is gone, without a version', () => {
    const left = lookAtClosed(arriving, { a: undefined });

    expect(left).toMatchObject({ state: 'gone', until: 0, version: 0 });
    expect(isPending(left)).toBe(false);
  });

  it('who comes and whose connection ends without a word is gone when the window opens, without a version', () => {
    const end = END * 1000;

    expect(afterDue(arriving, end)).toMatchObject({ state: 'gone', until: 0, version: 0 });
  });

  it('who goes in a namespace without a linger is leaving until it opens, and comes back without a version', () => {
    const before = observed(here, new Map([['a', undefined]]), { ...CLOSED, lingerMs: 0 });

    expect(before).toMatchObject({ state: 'leaving', until: NOW + 1_000, version: NOW });
    expect(look(before, { b: there({ name: 'Ann' }) })).toMatchObject({
      state: 'here',
      until: 0,
      version: NOW,
    });
  });

  it('with new info is told of when it opens, also after a moment without a connection', () => {
    const renamed = lookAtClosed(here, { b: there({ name: 'Anna' }) });
    const away = lookAtClosed(renamed, { a: undefined, b: undefined });
    const back = lookAtClosed(away, { b: there({ name: 'Anna' }) });

    for (const one of [renamed, back]) {
      expect(one).toMatchObject({ state: 'here', until: NOW + 1_000, version: NOW, hasNewInfo: true });
      const told = afterDue(one, NOW + 1_000);
      expect(told).toMatchObject({ info: { name: 'Anna' }, version: NOW + 1_000 });
      expect(told).not.toHaveProperty('hasNewInfo');
    }
  });
});

describe('every look', () => {
  it.each([
    ['at a present user', here, { a: there({ name: 'Ann' }) }],
    ['at a gone user', gone, { a: undefined }],
    ['at an arriving user', arriving, { a: there() }],
    ['at a leaving user', leaving, { a: undefined }],
  ])('%s changes only the revision when it is repeated', (_what, before, findings) => {
    const again = look(before, findings, NOW + 2_000);

    expect(again).toEqual({ ...before, revision: before.revision + 1 });
  });

  it('leaves a state that depends only on the last finding for each connection', () => {
    fc.assert(
      fc.property(fc.array(finding), (findings) => {
        const { presence, now, versions } = replay(findings);
        const last = new Set<string>();
        for (const { id, isThere } of findings) {
          if (isThere) last.add(id);
          else last.delete(id);
        }

        const end = afterDue(presence, now + MINUTE);
        expect([...end.connections.keys()].toSorted()).toEqual([...last].toSorted());
        expect(end.state).toBe(last.size > 0 ? 'here' : 'gone');
        expect(versions).toEqual(versions.toSorted((one, other) => one - other));
      }),
    );
  });
});

describe('the list of members', () => {
  it('shows present and leaving users, and no user who is gone or arriving', () => {
    const shown = [here, leaving, gone, arriving].map((presence) => isShown(presence, NOW + 2_000));

    expect(shown).toEqual([true, true, false, false]);
  });

  it('hides a user one minute after the end of the linger, even if no worker has run', () => {
    expect(isShown(here, END * 1000 + MINUTE - 1)).toBe(true);
    expect(isShown(here, END * 1000 + MINUTE)).toBe(false);
    expect(isShown(leaving, leaving.until + MINUTE)).toBe(false);
  });

  it('announces the return of every user that it no longer showed', () => {
    for (const before of [here, leaving]) {
      const end = before === here ? END * 1000 : leaving.until;
      for (const now of [end - 1, end, end + MINUTE, end + 2 * MINUTE]) {
        const back = look(before, { b: { expiresAt: END + 3_600, info: { name: 'Ann' } } }, now);
        if (!isShown(before, now)) expect(back.version).toBeGreaterThan(before.version);
      }
    }
  });
});

describe('a stored presence', () => {
  const told = { ...here, announced: here.version, reported: here.version };

  it.each([
    [
      'is overdue one minute after the end of its linger',
      { ...leaving, announced: NOW, reported: NOW },
      leaving.until + MINUTE,
      true,
    ],
    [
      'is not overdue 1 ms before that',
      { ...leaving, announced: NOW, reported: NOW },
      leaving.until + MINUTE - 1,
      false,
    ],
    [
      'is overdue one minute after the window in which the user came',
      arriving,
      NOW + 1_000 + MINUTE + 1,
      true,
    ],
    ['is not overdue before that', arriving, NOW + 1_000 + MINUTE, false],
    ['is overdue one minute after its last connection expired', told, END * 1000 + MINUTE, true],
    ['is not overdue while a connection is open', told, NOW + 30 * MINUTE, false],
    ['is overdue if a change was not announced within one minute', here, NOW + MINUTE + 1, true],
    ['is not overdue in the first minute after a change', here, NOW + MINUTE, false],
    [
      'is not overdue if the user is gone and that was posted and reported',
      { ...gone, announced: gone.version, reported: gone.version },
      NOW + 90 * MINUTE,
      false,
    ],
    [
      'is overdue if the user is gone and that was not reported',
      { ...gone, announced: gone.version },
      gone.version + MINUTE + 1,
      true,
    ],
    ['is overdue if the user is gone and that was not announced', gone, gone.version + MINUTE + 1, true],
  ])('%s', (_what, presence, now, expected) => {
    expect(isOverdue(presence, now)).toBe(expected);
  });
});

describe('the stored presence of a user', () => {
  it('expires one hour after a gone user left, and seven days after the end of a present or leaving user', () => {
    expect(expiryOf(gone, NOW)).toBe(NOW / 1000 + 3_600);
    expect(expiryOf(here, NOW)).toBe(END + 7 * 24 * 3_600);
    expect(expiryOf(leaving, NOW)).toBe(leaving.until / 1000 + 7 * 24 * 3_600);
  });
});
