import { action, refuse, table } from 'fanfare/config';
import * as v from 'valibot';

export type Order = { readonly id: string; readonly user?: string | undefined };
const input = v.object({ id: v.string(), pieces: v.number() });

export const order = action(
  input,
  async ({ id, pieces }, { user }) => {
    if (pieces > 9) return refuse('At most 9 pieces.');
    await table<Order>('orders').put({ id, user });
    return { id };
  },
  { idempotent: true },
);
