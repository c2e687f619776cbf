import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { issuer, issuers } from '../../../lambdas/identity/issuer.ts';

const provider = {
  issuer: 'https://id.example.com/',
  audience: 'fanfare',
  jwksUrl: 'https://id.example.com/jwks.json',
  algorithms: ['RS256', 'ES256', 'EdDSA'],
};

describe('the issuers of a stage', () => {
  const withPrefixes = (...prefixes: readonly (string | undefined)[]) =>
    prefixes.map((userPrefix, n) => ({
      ...provider,
      issuer: `https://${n}.example.com/`,
      ...(userPrefix !== undefined && { userPrefix }),
    }));

  it.each([[[]], [[undefined, undefined]], [['a|', undefined]], [['a|', 'b|', 'ab|']]])(
    'may have the prefixes %j',
    (prefixes) => {
      expect(v.is(issuers, withPrefixes(...prefixes))).toBe(true);
    },
  );

  it.each([[['a|', 'a|']], [['a', 'ab']], [['ab', 'a']], [['']], [['ä']], [['a b']], [['x'.repeat(33)]]])(
    'may not have the prefixes %j, with which two users could be one',
    (prefixes) => {
      expect(v.is(issuers, withPrefixes(...prefixes))).toBe(false);
    },
  );
});

describe('an issuer', () => {
  it('has a name, an audience, the place of its keys, and algorithms', () => {
    expect(v.parse(issuer, provider)).toEqual(provider);
  });

  it.each(['issuer', 'audience', 'jwksUrl', 'algorithms'])('is refused without %s', (member) => {
    expect(v.is(issuer, { ...provider, [member]: undefined })).toBe(false);
    expect(v.is(issuer, { ...provider, [member]: '' })).toBe(false);
    expect(v.is(issuer, { ...provider, [member]: [] })).toBe(false);
  });

  it.each(['none', 'HS256', 'HS512', 'rs256', 'RSA-OAEP', ''])('cannot sign by %j', (algorithm) => {
    expect(v.is(issuer, { ...provider, algorithms: ['RS256', algorithm] })).toBe(false);
  });

  it.each([
    'http://id.example.com/jwks.json',
    'http://127.0.0.1.example.com/',
    'http://127.0.0.1@example.com/',
    'http://localhost.example.com/',
    'http://localhost@example.com/',
    'http://10.0.0.1/jwks.json',
    'http://[::2]/jwks.json',
    'file:///etc/keys.json',
    'ws://127.0.0.1/jwks.json',
    'data:application/json,{}',
    'id.example.com',
    '',
  ])('cannot have its keys at %j, because an attacker could exchange them', (jwksUrl) => {
    expect(v.is(issuer, { ...provider, jwksUrl })).toBe(false);
  });

  it.each([
    'http://127.0.0.1:4000/jwks.json',
    'http://localhost:4000/jwks.json',
    'http://localhost/jwks.json',
    'http://LOCALHOST/jwks.json',
    'http://[::1]:4000/jwks.json',
  ])('may have its keys on this very machine: %s', (jwksUrl) => {
    expect(v.is(issuer, { ...provider, jwksUrl })).toBe(true);
  });
});
