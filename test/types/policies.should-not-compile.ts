/** Configurations that must not compile: otherwise a missing or misspelt field would open or close a namespace unnoticed. */

import { defineConfig, type NamespacePolicy } from '../../lambdas/realtime/access/namespaces.ts';

const policy = {
  subscribe: 'anyone',
  publish: 'servers',
  members: 'servers',
  history: { hours: 24 },
  presence: { lingerSeconds: 10 },
} as const satisfies NamespacePolicy;

const { subscribe: _subscribe, ...withoutSubscribe } = policy;
const { publish: _publish, ...withoutPublish } = policy;
const { members: _members, ...withoutMembers } = policy;
const { history: _history, ...withoutHistory } = policy;
const { presence: _presence, ...withoutPresence } = policy;

export const policies: readonly NamespacePolicy[] = [
  policy,
  // @ts-expect-error -- who may subscribe has no default
  withoutSubscribe,
  // @ts-expect-error -- who may publish has no default
  withoutPublish,
  // @ts-expect-error -- who may see members has no default
  withoutMembers,
  // @ts-expect-error -- whether there is a history has no default
  withoutHistory,
  // @ts-expect-error -- whether there is presence has no default
  withoutPresence,
  // @ts-expect-error -- the word is `anyone`
  { ...policy, subscribe: 'everyone' },
  // @ts-expect-error -- a list of audiences is no audience
  { ...policy, publish: ['signed-in', 'servers'] },
  // @ts-expect-error -- a history says how long, in hours
  { ...policy, history: { days: 1 } },
  // @ts-expect-error -- no history is `none`
  { ...policy, history: false },
  // @ts-expect-error -- presence says for how many seconds a user lingers
  { ...policy, presence: {} },
  { ...policy, edit: 'servers' },
  // @ts-expect-error -- no rule lets everyone edit the messages of others
  { ...policy, edit: 'anyone' },
  // @ts-expect-error -- no word that is unknown, or a typing mistake would change nothing and say nothing
  { ...policy, subscribers: 'anyone' },
];

const builtIn = { '@all': policy, '@user': policy };

export const configs = [
  defineConfig(() => ({ namespaces: { chat: policy }, builtIn })),
  // @ts-expect-error -- the channel of every connection needs a policy
  defineConfig(() => ({ namespaces: {}, builtIn: { '@user': policy } })),
  // @ts-expect-error -- the channels of users need a policy
  defineConfig(() => ({ namespaces: {}, builtIn: { '@all': policy } })),
  // @ts-expect-error -- a stage without namespaces says so
  defineConfig(() => ({ builtIn })),
  // @ts-expect-error -- a configuration is a function of the stage
  defineConfig({ namespaces: {}, builtIn }),
];
