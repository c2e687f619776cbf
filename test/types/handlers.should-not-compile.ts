/** Handlers that must not compile: a message of another type, a result without a meaning, a name that is misspelt. */

import { type AccessRule, defineConfig, type NamespacePolicy, namespace, refuse } from 'fanfare/config';
import * as v from 'valibot';
import * as z from 'zod';

const anyone: AccessRule = 'anyone';
const rights = {
  subscribe: anyone,
  publish: anyone,
  members: anyone,
  history: 'none',
  presence: 'none',
} as const;
const text = v.object({ text: v.string() });
const builtIn = { '@all': rights, '@user': rights };

export const namespaces = [
  namespace({ ...rights, schema: text, onPublish: ({ data }) => (data.text ? undefined : refuse('Empty.')) }),
  namespace({
    ...rights,
    schema: z.object({ n: z.number() }),
    onPublish: ({ data }) => ({ data: data.n + 1 }),
  }),
  // @ts-expect-error -- the schema has no such field
  namespace({ ...rights, schema: text, onPublish: ({ data }) => void data.txt }),
  // @ts-expect-error -- the field is a text
  namespace({ ...rights, schema: text, onPublish: ({ data }) => void data.text.toFixed() }),
  // @ts-expect-error -- a schema of zod gives its type, too
  namespace({ ...rights, schema: z.object({ n: z.number() }), onPublish: ({ data }) => void data.n.trim() }),
  // @ts-expect-error -- true and false have no meaning: false would look like a refusal and let pass
  namespace({ ...rights, schema: text, onPublish: ({ data }) => data.text.length < 500 }),
  // @ts-expect-error -- other data is returned as { data }
  namespace({ ...rights, schema: text, onPublish: ({ data }) => data.text.trim() }),
  // @ts-expect-error -- a rule that is misspelt would never run
  namespace({ ...rights, schema: text, onPubish: () => refuse('No.') }),
  // @ts-expect-error -- a schema is a Standard Schema
  namespace({ ...rights, schema: { type: 'string' } }),
];

/** A namespace without a schema. */
const plain = (policy: NamespacePolicy) => defineConfig(() => ({ namespaces: { plain: policy }, builtIn }));

export const configs = [
  plain({ ...rights, onPublish: () => refuse('No.') }),
  plain({ ...rights, onSubscribe: async () => {} }),
  // @ts-expect-error -- data without a schema is unknown
  plain({ ...rights, onPublish: ({ data }) => void data.text }),
  // @ts-expect-error -- onSubscribe has no message to change
  plain({ ...rights, onSubscribe: () => ({ data: 1 }) }),
  // @ts-expect-error -- a user is a text, and a claim may be anything
  defineConfig(() => ({ namespaces: {}, builtIn, onConnect: ({ username }) => ({ user: username }) })),
];

export const refusals = [
  refuse('Too many.', 'rejected'),
  // @ts-expect-error -- only the server knows whether it has failed
  refuse('Oops.', 'internal'),
  // @ts-expect-error -- a refusal has a sentence
  refuse(),
];
