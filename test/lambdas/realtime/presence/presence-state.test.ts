import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attendance } from '../../../../lambdas/realtime/connections/subscription-store.ts';
import {
  afterLinger,
  expiryOf,
  isOverdue,
  isPending,
  isShown,
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
const gone = afterLinger(leaving, NOW + 1_000 + LINGER_MS);

const finding = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  isThere: fc.boolean(),
  /** Milliseconds since the one before. */
  later: fc.nat(MINUTE),
  /** Whether the worker of the linger runs then. */
  waits: fc.boolean(),
});

/** One look after the other. */
function replay(findings: readonly (typeof finding extends fc.Arbitrary<infer Finding> ? Finding : never)[]) {
  let presence = NEVER_PRESENT;
  let now = NOW;
  const versions: number[] = [];
  for (const { id, isThere, later, waits } of findings) {
    now += later;
    presence = look(presence, { [id]: isThere ? there() : undefined }, now);
    if (waits) presence = afterLinger(presence, now);
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
      revision: 1,
    });
  });

  it('is there as before with a second one, and without one of two', () => {
    const two = look(here, { b: there({ name: 'Ann' }) }, NOW + 5);
    const one = look(two, { a: undefined }, NOW + 6);

    expect(two).toMatchObject({ state: 'here', version: NOW });
    expect(one).toMatchObject({ state: 'here', version: NOW, connections: new Map([['b', END]]) });
  });

  it('is leaving without a connection, and others are not told', () => {
    expect(leaving).toMatchObject({ state: 'leaving', until: NOW + 1_000 + LINGER_MS, version: NOW });
  });

  it('who comes back in time was never away', () => {
    const back = look(leaving, { b: there({ name: 'Ann' }) }, NOW + 1_000 + LINGER_MS - 1);

    expect(back).toMatchObject({ state: 'here', until: 0, version: NOW });
    expect(afterLinger(back, NOW + MINUTE)).toBe(back);
  });

  it('is gone when the time is over, and not a moment before', () => {
    expect(afterLinger(leaving, NOW + 1_000 + LINGER_MS - 1)).toBe(leaving);
    expect(gone).toMatchObject({ state: 'gone', until: 0, version: NOW + 1_000 + LINGER_MS });
    expect(afterLinger(gone, NOW + MINUTE)).toBe(gone);
  });

  it('who comes back later comes anew, and so does one for whom the end comes late', () => {
    const late = NOW + 1_000 + LINGER_MS;

    expect(look(gone, { b: there() }, late + 5)).toMatchObject({ state: 'here', version: late + 5 });
    expect(look(leaving, { b: there() }, late)).toMatchObject({ state: 'here', version: late });
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

  it('has versions that rise even where the clock does not', () => {
    const back = look(look(here, { a: undefined }, NOW, 0), { a: there() }, NOW - 5);

    expect(back.version).toBe(NOW + 2);
  });

  it('who was never there leaves a trace, and no word', () => {
    const unseen = look(NEVER_PRESENT, { a: undefined });

    expect(unseen).toEqual({ ...NEVER_PRESENT, revision: 1 });
    expect(isPending(unseen)).toBe(false);
  });

  it('is not kept by a connection whose time is over, found or remembered', () => {
    const afterwards = END * 1000;

    expect(look(NEVER_PRESENT, { a: there() }, afterwards)).toMatchObject({ state: 'gone', version: 0 });
    const other = { b: { expiresAt: END + 60 } };
    expect(look(here, other, afterwards)).toMatchObject({
      connections: new Map([['b', END + 60]]),
      // A request for members in between did not show the user.
      version: afterwards,
    });
    expect(afterLinger(here, afterwards)).toMatchObject({ state: 'gone', version: afterwards });
  });
});

describe('every look', () => {
  it.each([
    ['at what is there', here, { a: there({ name: 'Ann' }) }],
    ['at what is gone', gone, { a: undefined }],
    ['at who is leaving', leaving, { a: undefined }],
  ])('%s that is made again changes nothing but the revision', (_what, before, findings) => {
    const again = look(before, findings, NOW + 2_000);

    expect(again).toEqual({ ...before, revision: before.revision + 1 });
  });

  it('leaves a state that follows from what was found last, in whatever order and number', () => {
    fc.assert(
      fc.property(fc.array(finding), (findings) => {
        const { presence, now, versions } = replay(findings);
        const last = new Set<string>();
        for (const { id, isThere } of findings) {
          if (isThere) last.add(id);
          else last.delete(id);
        }

        const end = afterLinger(presence, now + MINUTE);
        expect([...end.connections.keys()].toSorted()).toEqual([...last].toSorted());
        expect(end.state).toBe(last.size > 0 ? 'here' : 'gone');
        expect(versions).toEqual(versions.toSorted((one, other) => one - other));
      }),
    );
  });
});

describe('who asks for members', () => {
  it('is shown who is there and who is leaving, and not who is gone', () => {
    expect([here, leaving, gone].map((presence) => isShown(presence, NOW + 2_000))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is not shown a minute after the linger was over, even if no worker has run', () => {
    expect(isShown(here, END * 1000 + MINUTE - 1)).toBe(true);
    expect(isShown(here, END * 1000 + MINUTE)).toBe(false);
    expect(isShown(leaving, leaving.until + MINUTE)).toBe(false);
  });

  it('shows every user who comes back without an announcement', () => {
    for (const before of [here, leaving]) {
      const end = before === here ? END * 1000 : leaving.until;
      for (const now of [end - 1, end, end + MINUTE, end + 2 * MINUTE]) {
        const back = look(before, { b: { expiresAt: END + 3_600, info: { name: 'Ann' } } }, now);
        if (!isShown(before, now)) expect(back.version).toBeGreaterThan(before.version);
      }
    }
  });
});

describe('what is overdue', () => {
  const told = { ...here, announced: here.version };

  it.each([
    ['is who should have left a minute ago', { ...leaving, announced: NOW }, leaving.until + MINUTE, true],
    ['is not who may still come back', { ...leaving, announced: NOW }, leaving.until + MINUTE - 1, false],
    ['is who has had no connection for a minute', told, END * 1000 + MINUTE, true],
    ['is not who is there', told, NOW + 30 * MINUTE, false],
    ['is a change that others were not told for a minute', here, NOW + MINUTE + 1, true],
    ['is not a word that is being told', here, NOW + MINUTE, false],
    ['is not who is gone and known to be', { ...gone, announced: gone.version }, NOW + 90 * MINUTE, false],
    ['is who is gone and not known to be', gone, gone.version + MINUTE + 1, true],
  ])('%s', (_what, presence, now, expected) => {
    expect(isOverdue(presence, now)).toBe(expected);
  });
});

describe('what is kept', () => {
  it('is who is gone for an hour, and who is there until long after the last connection', () => {
    expect(expiryOf(gone, NOW)).toBe(NOW / 1000 + 3_600);
    expect(expiryOf(here, NOW)).toBe(END + 7 * 24 * 3_600);
    expect(expiryOf(leaving, NOW)).toBe(leaving.until / 1000 + 7 * 24 * 3_600);
  });
});
