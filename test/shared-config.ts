/**
 * The namespaces of the stage that test files share: those of the app, but a user who is gone is missed after one second, and four
 * more for presence, rules for the contract of rules (`contracts/rules.contract.ts`), and actions for theirs
 * (`contracts/own-actions.contract.ts`).
 */

import { action, defineConfig, type NamespacePolicy, refuse } from 'fanfare/config';
import * as v from 'valibot';
import { roll } from '../examples/dice/roll.ts';
import config from '../fanfare.config.ts';

/** Short enough for a test to wait for the end of it. */
const presence = { lingerSeconds: 1 };

/** Long enough for a client to come back, on most machines and on all. */
const [patient, mostPatient] = [{ lingerSeconds: 8 }, { lingerSeconds: 60 }];

const anyone = { subscribe: 'anyone', publish: 'anyone', history: 'none', presence } as const;

/** What handlers do that the compiler would refuse. */
const rubbish = () => JSON.parse('"rubbish"');

const endless = () => new Promise<undefined>(() => {});

/** Its handlers do what the message says, and what the name of the channel says. */
const ruled: NamespacePolicy = {
  ...anyone,
  members: 'anyone',
  history: { hours: 1 },
  presence: 'none',
  // A test does not wait three seconds for a handler that hangs.
  budgetMs: { onSubscribe: 100, onPublish: 100 },
  onSubscribe({ channel }) {
    if (channel.endsWith('/closed')) return refuse('This room is closed.');
    if (channel.endsWith('/throws')) throw new Error('no table');
    if (channel.endsWith('/hangs')) return endless();
    return channel.endsWith('/rubbish') ? rubbish() : undefined;
  },
  onPublish({ data }, { caller }) {
    if (data === 'change me') return { data: `changed for a ${caller}` };
    if (data === 'throw') throw new Error('no table');
    if (data === 'hang') return endless();
    if (data === 'rubbish') return rubbish();
    const isLong = typeof data === 'string' && data.length > 500;
    return isLong ? refuse('A message has at most 500 characters.') : undefined;
  },
};

/** Each does what its name says. */
const actions = {
  // It publishes, which takes time on a slow machine.
  roll: { ...roll, budgetMs: 10_000 },
  double: action(v.number(), (number) => number * 2, { access: 'anyone' }),
  whoAmI: action(v.unknown(), (_input, { user, caller }) => ({ user, caller }), { access: 'any-token' }),
  ticket: action(v.unknown(), () => crypto.randomUUID(), { access: 'anyone', idempotent: true }),
  refuse: action(v.unknown(), () => refuse('The poll is closed.'), { access: 'anyone' }),
  throw: action(
    v.unknown(),
    () => {
      throw new Error('no table');
    },
    { access: 'anyone' },
  ),
  hang: action(v.unknown(), endless, { access: 'anyone', budgetMs: 100 }),
  rubbish: action(v.unknown(), () => Number.NaN, { access: 'anyone' }),
};

export default defineConfig((stage) => {
  const { namespaces, builtIn } = config(stage);
  const quick = (policy: NamespacePolicy): NamespacePolicy =>
    policy.presence === 'none' ? policy : { ...policy, presence };
  const all = Object.entries(namespaces).map(([name, policy]) => [name, quick(policy)] as const);
  return {
    namespaces: {
      ...Object.fromEntries(all),
      room: { ...anyone, members: 'anyone' },
      lounge: { ...anyone, members: 'anyone', presence: patient },
      hall: { ...anyone, members: 'anyone', presence: mostPatient },
      private: { ...anyone, members: 'granted' },
      ruled,
      table: { ...anyone, publish: 'servers', members: 'servers', history: { hours: 1 }, presence: 'none' },
    },
    builtIn,
    actions,
    onConnect({ sub }) {
      if (sub === 'closed-account') return refuse('This account is closed.');
      if (sub === 'broken-account') throw new Error('no table');
      return sub === 'old-name' ? { user: 'new-name' } : undefined;
    },
  };
});
