/** Actions of an application, and requests of them, that must not compile: the configuration types both ends. */

import type { Connection } from 'fanfare-client';
import { actionsOf, connect } from 'fanfare-client/actions';
import * as v from 'valibot';
import * as z from 'zod';
import { action, defineConfig, type NamespacePolicy, refuse } from '../../lambdas/own-logic/config.ts';

declare const connection: Connection;

const policy: NamespacePolicy = {
  subscribe: 'anyone',
  publish: 'servers',
  members: 'servers',
  history: 'none',
  presence: 'none',
};
const base = { namespaces: {}, builtIn: { '@all': policy, '@user': policy } };

const config = defineConfig(() => ({
  ...base,
  actions: {
    vote: action(v.object({ option: v.picklist(['tea', 'coffee']) }), ({ option }) =>
      option === 'tea' ? { votes: 1 } : refuse('There is no coffee.'),
    ),
    order: action(z.object({ item: z.number() }), async () => ({ at: new Date() }), { idempotent: true }),
    hello: action(v.optional(v.string()), () => {}),
  },
}));

const { request } = actionsOf<typeof config>(connection, { idempotent: { order: true } });

export async function requests(): Promise<void> {
  const { votes }: { votes: number } = await request('vote', { option: 'tea' });
  const { at }: { at: string } = await request('order', { item: votes }, { key: 'order-17' });
  const nothing: null = await request('hello');
  void [at, nothing];

  // @ts-expect-error -- a drink that the schema does not have
  await request('vote', { option: 'milk' });
  // @ts-expect-error -- a field that the schema needs
  await request('vote', {});
  // @ts-expect-error -- the action needs data
  await request('vote');
  // @ts-expect-error -- data of another action
  await request('order', { option: 'tea' });
  // @ts-expect-error -- an action that the configuration does not have
  await request('vode', { option: 'tea' });
  // @ts-expect-error -- an action that is not idempotent takes no key
  await request('vote', { option: 'tea' }, { key: 'k' });
  // @ts-expect-error -- the result has no such field
  (await request('vote', { option: 'tea' })).count;
  // @ts-expect-error -- JSON has no Date: it arrives as its text
  (await request('order', { item: 1 })).at.getTime();
}

export async function requestsOfConnection(): Promise<void> {
  const acting = connect<typeof config>('wss://example.com/live', { idempotent: { order: true } });
  const { votes }: { votes: number } = await acting.request('vote', { option: 'tea' });
  void votes;

  // @ts-expect-error -- a drink that the schema does not have
  await acting.request('vote', { option: 'milk' });
  // @ts-expect-error -- an action that the configuration does not have
  await acting.request('vode', { option: 'tea' });
}

// @ts-expect-error -- which actions are idempotent has to be said to the connection, too
connect<typeof config>('wss://example.com/live');
// @ts-expect-error -- an option that a connection does not have
connect<typeof config>('wss://example.com/live', { idempotent: { order: true }, tokens: 'x' });
// @ts-expect-error -- which actions are idempotent has to be said, or they would not be repeated
actionsOf<typeof config>(connection);
// @ts-expect-error -- one idempotent action is missing
actionsOf<typeof config>(connection, { idempotent: {} });
// @ts-expect-error -- an action that is not idempotent must not be repeated
actionsOf<typeof config>(connection, { idempotent: { order: true, vote: true } });

export const actions = [
  // @ts-expect-error -- the handler gets what the schema returns
  action(v.object({ option: v.string() }), ({ opinion }) => opinion),
  // @ts-expect-error -- the word is `anyone`
  action(v.string(), () => 1, { access: 'everyone' }),
  // @ts-expect-error -- no option that is unknown, or a typing mistake would change nothing and say nothing
  action(v.string(), () => 1, { idempotant: true }),
  // @ts-expect-error -- a function is no schema
  action(String, () => 1),
];

export const configs = [
  // @ts-expect-error -- a function is no action: it would have no schema
  defineConfig(() => ({ ...base, actions: { vote: () => 1 } })),
  // @ts-expect-error -- a configuration without actions has none to request
  actionsOf<() => typeof base>(connection).request('vote'),
];
