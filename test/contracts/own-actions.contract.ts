/** The contract of the application's own actions: the same answers at every door. `test/shared-config.ts` declares the actions. */

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';

interface Refused {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

export type Answer = { readonly data: unknown } | Refused;

/** A way by which actions are called. */
export interface ActionDoor {
  /** What an action sees of its caller. */
  readonly caller: { readonly caller: string; readonly user?: string };
  readonly call: (name: string, data?: unknown, key?: string) => Promise<Answer>;
}

const failed = { code: 'internal', status: 500, message: expect.stringMatching(/request \S+\.$/) };

export function ownActions(name: string, door: () => ActionDoor): void {
  describe(`an action that is called by ${name}`, () => {
    it('returns its result', async () => {
      expect(await door().call('double', 21)).toEqual({ data: 42 });
    });

    it('knows its caller', async () => {
      expect(await door().call('whoAmI')).toEqual({ data: door().caller });
    });

    it('refuses wrong data with the sentence of its schema', async () => {
      expect(await door().call('double', 'two')).toMatchObject({
        code: 'bad-request',
        status: 400,
        message: expect.stringMatching(/^data: .*number/),
      });
    });

    it('refuses with the sentence of its author', async () => {
      expect(await door().call('refuse')).toMatchObject({
        code: 'rejected',
        status: 422,
        message: 'The poll is closed.',
      });
    });

    it.each(['throw', 'hang', 'rubbish'])('fails with the id of the request: %s', async (how) => {
      expect(await door().call(how)).toMatchObject(failed);
    });

    it('does not exist if the configuration does not name it', async () => {
      expect(await door().call('elsewhere')).toMatchObject({ status: 404 });
    });

    it('runs once for a key, also when its repetitions come at the same time', async () => {
      const key = randomUUID();

      const answers = await Promise.all([1, 2, 3].map(() => door().call('ticket', undefined, key)));

      const done = answers.filter((answer) => 'data' in answer);
      for (const answer of answers) if (!('data' in answer)) expect(answer).toMatchObject({ code: 'busy' });
      expect(new Set(done.map(({ data }) => data)).size).toBe(1);
      expect(await door().call('ticket', undefined, key)).toEqual(done[0]);
      expect(await door().call('ticket', undefined, randomUUID())).not.toEqual(done[0]);
    });

    it('takes no key if it is not idempotent', async () => {
      expect(await door().call('double', 1, 'k')).toMatchObject({ code: 'bad-request' });
    });
  });
}
