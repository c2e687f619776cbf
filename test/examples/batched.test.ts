/** How the assistant gathers tokens. */

import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { batched } from '../../examples/assistant/batched.ts';

describe('batched tokens', () => {
  it('are all given, also those that come, and end, while the taker is busy', async () => {
    let openGate = () => {};
    const gate = new Promise<void>((resolve) => {
      openGate = resolve;
    });
    async function* tokens() {
      yield* ['one ', 'two '];
      await gate;
      yield* ['three ', 'four'];
    }

    const batches: string[] = [];
    for await (const batch of batched(tokens(), 0)) {
      batches.push(batch);
      openGate();
      // By now all tokens have come.
      await setImmediate();
    }

    expect(batches).toEqual(['one two ', 'three four']);
  });

  it('fail as the model fails', async () => {
    async function* tokens() {
      yield 'one ';
      throw new Error('overloaded');
    }

    const taken = async () => {
      for await (const _ of batched(tokens(), 0));
    };
    await expect(taken()).rejects.toThrow('overloaded');
  });
});
