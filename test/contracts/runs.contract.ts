/** How every implementation keeps the runs of idempotent actions; run on memory and on each DynamoDB API there is. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { RunStore } from '../../lambdas/own-actions/run-store.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const LEASE_UNTIL = NOW + 8_000;
const EXPIRES_AT = NOW + 600_000;

let counter = 0;

export function runsContract(name: string, create: () => Promise<{ runs: RunStore }>): void {
  describe(`runs in ${name}`, () => {
    let runs: RunStore;
    let runKey: string;

    beforeEach(async () => {
      ({ runs } = await create());
      counter += 1;
      runKey = `@action:vote#${counter}`;
    });

    const begin = (owner: string, now = NOW) =>
      runs.begin({ runKey, owner }, { now, leaseUntil: now + 8_000, expiresAt: now + 600_000 });
    const finish = (owner: string, outcome: string) => runs.finish({ runKey, owner }, outcome);

    it('begin for the first attempt', async () => {
      expect(await begin('one')).toEqual({ kind: 'begun' });
    });

    it('begin for the same attempt again, whose answer was lost', async () => {
      await begin('one');

      expect(await begin('one')).toEqual({ kind: 'begun' });
    });

    it('do not begin for another attempt until the lease ends', async () => {
      await begin('one');

      expect(await begin('two')).toEqual({ kind: 'running', leaseUntil: LEASE_UNTIL });
      expect(await begin('two', LEASE_UNTIL - 1)).toEqual({ kind: 'running', leaseUntil: LEASE_UNTIL });
      expect(await begin('two', LEASE_UNTIL)).toEqual({ kind: 'begun' });
    });

    it('give the stored outcome to every later attempt, also after the lease', async () => {
      await begin('one');

      expect(await finish('one', '{"result":1}')).toBe(true);

      const finished = { kind: 'finished', outcome: '{"result":1}' };
      expect(await begin('two')).toEqual(finished);
      expect(await begin('one')).toEqual(finished);
      expect(await begin('three', LEASE_UNTIL + 1)).toEqual(finished);
    });

    it('are forgotten after ten minutes, and then begin without the old outcome', async () => {
      await begin('one');
      await finish('one', 'first');

      expect(await begin('two', EXPIRES_AT - 1_000)).toMatchObject({ kind: 'finished' });
      expect(await begin('two', EXPIRES_AT)).toEqual({ kind: 'begun' });
      expect(await begin('three', EXPIRES_AT + 1)).toMatchObject({ kind: 'running' });
    });

    it('keep no outcome of an attempt that has lost its run', async () => {
      await begin('one');
      await begin('two', LEASE_UNTIL);

      expect(await finish('one', 'late')).toBe(false);
      expect(await finish('two', 'mine')).toBe(true);
      expect(await begin('three', LEASE_UNTIL)).toEqual({ kind: 'finished', outcome: 'mine' });
    });

    it('begin at once after an attempt that gave up, and not after that of another one', async () => {
      await begin('one');

      await runs.giveUp({ runKey, owner: 'two' });
      expect(await begin('two')).toMatchObject({ kind: 'running' });

      await runs.giveUp({ runKey, owner: 'one' });
      expect(await begin('two')).toEqual({ kind: 'begun' });
    });

    it('begin for exactly one of twenty concurrent attempts', async () => {
      const states = await Promise.all(Array.from({ length: 20 }, (_, n) => begin(`attempt ${n}`)));

      expect(states.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    });

    it('of two keys do not meet', async () => {
      await begin('one');
      runKey = `${runKey} other`;

      expect(await begin('two')).toEqual({ kind: 'begun' });
    });
  });
}
