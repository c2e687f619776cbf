/** `roll`: the server rolls the dice, so that no player can choose the result, and tells everyone at the table. */

import { randomInt } from 'node:crypto';
import { action, refuse } from 'fanfare/config';
import * as v from 'valibot';

const input = v.object({
  table: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9-]{1,32}$/, 'The name of a table has up to 32 of a-z, 0-9 and -.'),
  ),
  dice: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

/** Idempotent: a roll that is repeated because its reply was lost must not become another roll. */
export const roll = action(
  input,
  async ({ table, dice }, { user, publish }) => {
    if (dice > 5) return refuse('You roll at most 5 dice.');
    const values = Array.from({ length: dice }, () => randomInt(1, 7));
    await publish(`table:${table}`, { user, values });
    return { values };
  },
  { idempotent: true },
);
