/** How every implementation remembers revocations; run on memory and on each DynamoDB API there is. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { RevocationStore } from '../../lambdas/realtime/connections/revocation.ts';

const MOMENT = Date.UTC(2026, 10, 22, 12) / 1000;

let counter = 0;

export function revocationsContract(
  name: string,
  create: () => Promise<{ revocations: RevocationStore }>,
): void {
  describe(`revocations in ${name}`, () => {
    let revocations: RevocationStore;
    let user: string;

    beforeEach(async () => {
      ({ revocations } = await create());
      counter += 1;
      user = `user${counter}`;
    });

    it('are undefined for a user whose tokens were never revoked', async () => {
      expect(await revocations.revokedBefore(user)).toBeUndefined();
    });

    it('are known to every reader as soon as they are made', async () => {
      for (let n = 0; n < 20; n++) {
        await revocations.revoke(user, MOMENT + n);

        expect(await revocations.revokedBefore(user)).toBe(MOMENT + n);
      }
    });

    it('are raised by a later moment and never lowered by an earlier one', async () => {
      await revocations.revoke(user, MOMENT);
      await revocations.revoke(user, MOMENT - 1);
      expect(await revocations.revokedBefore(user)).toBe(MOMENT);

      await revocations.revoke(user, MOMENT);
      expect(await revocations.revokedBefore(user)).toBe(MOMENT);

      await revocations.revoke(user, MOMENT + 1);
      expect(await revocations.revokedBefore(user)).toBe(MOMENT + 1);
    });

    it('end at the latest of concurrent moments, in any order', async () => {
      const moments = Array.from({ length: 20 }, (_, n) => MOMENT + ((n * 7) % 20));

      await Promise.all(moments.map((moment) => revocations.revoke(user, moment)));

      expect(await revocations.revokedBefore(user)).toBe(MOMENT + 19);
    });

    it('belong to one user, for every form of a name', async () => {
      const names = [user, `${user} `, `auth0|${user}`, `${user}é`, user.toUpperCase(), `@user:${user}`];
      for (const [n, name] of names.entries()) await revocations.revoke(name, MOMENT + n);

      const found = await Promise.all(names.map((name) => revocations.revokedBefore(name)));

      expect(found).toEqual(names.map((_, n) => MOMENT + n));
    });
  });
}
