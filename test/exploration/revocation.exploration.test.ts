/** Connecting, revoking and sweeping under every order of their port calls, with crashes between any two. */

import { describe, expect, it } from 'vitest';
import { tries } from '../running/counts.ts';
import { exploreAll, exploreEach, exploreRandomly } from './explore.ts';
import { revocationMutants, sweepMutants } from './revocation-mutants.ts';
import {
  type Deeds,
  deployed,
  MOMENT,
  type Observations,
  observe,
  type Process,
  sessionOf,
  USER,
} from './revocation-world.ts';
import type { Chooser } from './scheduler.ts';

const old: Process = { connects: sessionOf('old', MOMENT - 1) };
const other: Process = { connects: sessionOf('other', MOMENT - 1) };
const renewed: Process = { connects: sessionOf('renewed', MOMENT) };
const revoke: Process = { revokes: USER };
/** Their tokens have ended when the sweep comes. */
const ended: Process = { connects: sessionOf('ended', MOMENT, MOMENT) };
const gone: Process = { connects: sessionOf('gone', MOMENT, MOMENT) };
const live: Process = { connects: sessionOf('live', MOMENT) };
const sweep: Process = { sweeps: USER };

const small: Readonly<Record<string, Readonly<Record<string, Process>>>> = {
  'a connection and a revocation': { old, revoke },
  'a connection with a new token and a revocation': { renewed, revoke },
  'a connection whose token has ended and a sweep': { ended, sweep },
  'a connection whose token is good and two sweeps': { live, sweep, again: sweep },
};

/** Too large for every order. */
const large = { old, other, renewed, revoke, again: revoke };
const swept = { ended, gone, live, sweep, again: sweep };

type Invariant = (observed: Observations) => boolean;

const invariants: Readonly<Record<string, Invariant>> = {
  'nobody gets an error': ({ failures }) => failures.length === 0,
  'who is told that it is done can rely on it: no connection of an old token is open': ({
    completed,
    states,
  }) => completed === 0 || ['old', 'other'].every((id) => states.get(id) !== 'open'),
  'whoever is open is found by the next revocation': ({ states, stored }) =>
    [...states].every(([id, state]) => state !== 'open' || stored.includes(id)),
  'whoever is open after the end of their token is found by the next sweep': ({ swept: states }) =>
    ['ended', 'gone'].every((id) => states.get(id) !== 'open'),
  'whoever has a token that is good is not closed by a sweep': ({ swept: states }) =>
    states.get('live') !== 'closed',
  'without a crash a refused connection leaves nothing behind': ({ states, stored, order }) =>
    order.some(({ kind }) => kind === 'crash') ||
    [...states].every(([id, state]) => state !== 'refused' || !stored.includes(id)),
  'without a crash a new token is never refused': ({ states, order }) =>
    order.some(({ kind }) => kind === 'crash') || states.get('renewed') !== 'refused',
};

/** The mutants of the sweep are found by order 53. */
const SWEPT_ORDERS = tries({ short: 500, long: 5_000 });

const explore =
  (processes: Readonly<Record<string, Process>>, crashes: number, deeds: Deeds = deployed) =>
  async (choose: Chooser) => {
    const observed = await observe(processes, { choose, crashes, deeds });
    const broken = Object.entries(invariants).find(([, holds]) => !holds(observed));
    if (!broken) return;
    const order = observed.order.map((option) =>
      option.kind === 'crash' ? `${option.process} crashes` : `${option.process} ${option.label}`,
    );
    throw new Error(`Broken: ${broken[0]}, when ${order.join(', ')}`);
  };

describe('in every order, or many of them in a short run', () => {
  it.each(Object.entries(small))('%s keep all promises, also if any process dies', async (_name, all) => {
    expect(await exploreEach(explore(all, 2), 20261122)).toBeGreaterThan(100);
  });
});

describe('in thousands of random orders of revocations', () => {
  it('three connections and two revocations keep all promises, also if any process dies', async () => {
    await exploreRandomly(explore(large, 2), tries({ short: 2_000, long: 20_000 }), 20261122);
  });
});

describe('in many random orders of sweeps', () => {
  it('three connections and two sweeps keep all promises, also if any process dies', async () => {
    await exploreRandomly(explore(swept, 2), SWEPT_ORDERS, 20261130);
  });
});

describe('the exploration finds', () => {
  it.each(Object.entries(sweepMutants))('%s', async (_name, deeds) => {
    const found = exploreRandomly(explore({ ended, live, sweep }, 1, deeds), SWEPT_ORDERS, 20261130);
    await expect(found).rejects.toThrow(/^Broken: who/);
  });

  it.each(Object.entries(revocationMutants))('%s', async (_name, deeds) => {
    await expect(exploreAll(explore({ old, revoke }, 1, deeds))).rejects.toThrow(/^Broken: who/);
  });
});
