import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findClient, type NamedClient } from '../../../lambdas/identity/client-name.ts';

const NAME = 'abcdefgh-IJKLMNO_1';
const OTHER = 'another-name-of-a-client';
const unnamed: NamedClient = { offered: undefined, clients: [] };
const hashOf = (name: string) => createHash('sha256').update(name).digest('base64url');

describe('the name of a client', () => {
  it.each<[string, Partial<NamedClient>]>([
    ['offered behind the version', { offered: `fanfare.v1, fanfare.client.${NAME}` }],
    ['offered behind the token', { offered: `fanfare.v1,a.b.c,fanfare.client.${NAME}` }],
    ['offered in front of the token', { offered: `fanfare.v1,fanfare.client.${NAME},a.b.c` }],
    ['in the query', { clients: [NAME] }],
    ['the same in both places', { offered: `fanfare.v1,fanfare.client.${NAME}`, clients: [NAME, NAME] }],
  ])('is found when it is %s, and only its hash is passed on', (_where, named) => {
    expect(findClient({ ...unnamed, ...named })).toEqual({ client: hashOf(NAME) });
  });

  it.each<[string, Partial<NamedClient>]>([
    ['nothing is offered', {}],
    ['a version and a token are offered', { offered: 'fanfare.v1, a.b.c' }],
    ['it comes in front of the version', { offered: `fanfare.client.${NAME}, fanfare.v1` }],
  ])('is absent when %s', (_when, named) => {
    expect(findClient({ ...unnamed, ...named })).toEqual({ client: undefined });
  });

  it.each<[string, Partial<NamedClient>]>([
    ['is empty', { offered: 'fanfare.v1,fanfare.client.' }],
    ['is empty in the query', { clients: [''] }],
    ['has 15 characters', { clients: ['x'.repeat(15)] }],
    ['has 65 characters', { clients: ['x'.repeat(65)] }],
    ['has a dot', { offered: `fanfare.v1,fanfare.client.${NAME}.` }],
    ['has a line end behind it', { clients: [`${NAME}\n`] }],
  ])('is bad when it %s', (_what, named) => {
    expect(findClient({ ...unnamed, ...named })).toBe('bad');
  });

  it.each([16, 64])('may have %i characters', (length) => {
    expect(findClient({ ...unnamed, clients: ['x'.repeat(length)] })).toEqual({
      client: hashOf('x'.repeat(length)),
    });
  });

  it.each<[string, Partial<NamedClient>]>([
    ['offered', { offered: `fanfare.v1,fanfare.client.${NAME},fanfare.client.${OTHER}` }],
    ['in the query', { clients: [NAME, OTHER] }],
    ['in different places', { offered: `fanfare.v1,fanfare.client.${NAME}`, clients: [OTHER] }],
  ])('is refused when several are %s', (_where, named) => {
    expect(findClient({ ...unnamed, ...named })).toBe('several');
  });
});
