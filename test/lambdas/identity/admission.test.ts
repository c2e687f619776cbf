import { describe, expect, it } from 'vitest';
import { type AdmissionPolicy, admit, type Handshake } from '../../../lambdas/identity/admission.ts';
import { NotAdmitted } from '../../../lambdas/identity/not-admitted.ts';
import { InvalidToken } from '../../../lambdas/identity/token-verifier.ts';

const APP = 'https://app.example.com';
const EDGE = 'what only the edge knows';
const ann = { user: 'ann', issuedAt: 1, expiresAt: 2 };

/** A stage behind an edge. It records its checks in their order. */
function stage(more: Partial<AdmissionPolicy> = {}) {
  const asked: string[] = [];
  const policy: AdmissionPolicy = {
    origins: [APP],
    admitsAnonymous: true,
    async originKey() {
      asked.push('origin key');
      return EDGE;
    },
    async verify(token) {
      asked.push('token');
      if (token === 'good') return ann;
      throw new InvalidToken('expired');
    },
    ...more,
  };
  return { policy, asked };
}

const good: Handshake = {
  originKey: EDGE,
  origin: APP,
  fetchSite: undefined,
  query: 'good',
  authorization: undefined,
  offered: undefined,
  clients: [],
};
const anonymous: Handshake = { ...good, query: undefined };
const admitted = (candidate: Handshake, more?: Partial<AdmissionPolicy>) =>
  admit(stage(more).policy, candidate);

describe('a handshake', () => {
  it('is of the user of its token', async () => {
    expect(await admitted(good)).toEqual({ kind: 'signed-in', identity: ann });
  });

  it('without a token is anonymous if a namespace admits anyone, and refused otherwise', async () => {
    expect(await admitted(anonymous)).toEqual({ kind: 'anonymous' });
    expect(await admitted(anonymous, { admitsAnonymous: false })).toEqual({
      kind: 'unauthorized',
      reason: 'no token',
    });
  });

  it.each([
    ['forbidden', 'forbidden'],
    ['unauthenticated', 'unauthorized'],
    ['rejected', 'forbidden'],
  ] as const)('that a rule refuses as %s is %s, with the sentence of the rule', async (code, kind) => {
    const rule = new NotAdmitted(code, 'This account is closed.');
    const verify = () => Promise.reject(rule);

    expect(await admitted(good, { verify })).toEqual({ kind, reason: 'onConnect', rule });
  });

  it('that another site causes without an origin is refused before its token is looked at', async () => {
    const { policy, asked } = stage();
    const hidden = { ...good, origin: undefined, fetchSite: 'cross-site' };

    expect(await admit(policy, hidden)).toEqual({ kind: 'forbidden', reason: 'cross-site' });
    expect(asked).toEqual(['origin key']);
    expect(await admit(policy, { ...hidden, fetchSite: 'same-origin' })).toMatchObject({ kind: 'signed-in' });
    expect(await admit(policy, { ...hidden, origin: APP })).toMatchObject({ kind: 'signed-in' });
  });

  it.each<[string, Partial<Handshake>, string]>([
    ['a token that is not good', { query: 'bad' }, 'expired'],
    ['an empty token', { query: '' }, 'expired'],
    ['credentials of another kind', { query: undefined, authorization: 'Basic YTpi' }, 'expired'],
    ['two tokens', { authorization: 'Bearer other' }, 'several tokens'],
  ])('with %s is refused, and never anonymous instead', async (_what, more, reason) => {
    expect(await admitted({ ...good, ...more })).toEqual({ kind: 'unauthorized', reason });
  });

  it.each(['https://evil.com', 'null', '', `${APP}/`])('from a page of %j is forbidden', async (origin) => {
    expect(await admitted({ ...good, origin })).toEqual({ kind: 'forbidden', reason: 'origin' });
    expect(await admitted({ ...anonymous, origin })).toEqual({ kind: 'forbidden', reason: 'origin' });
  });

  it('of a program, which names no origin, still needs a token', async () => {
    expect(await admitted({ ...good, origin: undefined })).toMatchObject({ kind: 'signed-in' });
    expect(await admitted({ ...good, origin: undefined, query: 'bad' })).toMatchObject({
      kind: 'unauthorized',
    });
  });

  it.each([
    undefined,
    '',
    ' ',
    EDGE.slice(0, -1),
    `${EDGE} `,
    EDGE.toUpperCase(),
    `x${EDGE.slice(1)}`,
    `${EDGE}${EDGE}`,
  ])('that does not come by the edge is forbidden, with the key %j', async (originKey) => {
    expect(await admitted({ ...good, originKey })).toEqual({ kind: 'forbidden', reason: 'not by the edge' });
  });

  it('may have any key if there is no edge', async () => {
    const originKey = undefined;

    expect(await admitted({ ...good, originKey: 'anything' }, { originKey })).toMatchObject({
      kind: 'signed-in',
    });
    expect(await admitted({ ...good, originKey }, { originKey })).toMatchObject({ kind: 'signed-in' });
  });

  it('compares keys as bytes: characters of another length are another key, not an error', async () => {
    const policy = { originKey: async () => 'aaaa' };

    expect(await admitted({ ...good, originKey: 'ääää' }, policy)).toMatchObject({ kind: 'forbidden' });
    expect(await admitted({ ...good, originKey: 'ää' }, policy)).toMatchObject({ kind: 'forbidden' });
    expect(await admitted({ ...good, originKey: 'aaaa' }, policy)).toMatchObject({ kind: 'signed-in' });
  });

  it.each<[Partial<Handshake>, string, readonly string[]]>([
    [{ originKey: 'x', origin: 'https://evil.com', query: 'bad' }, 'not by the edge', ['origin key']],
    [{ origin: 'https://evil.com', query: 'bad' }, 'origin', ['origin key']],
    [{ query: 'bad', authorization: 'Bearer worse' }, 'several tokens', ['origin key']],
    [{ query: 'bad' }, 'expired', ['origin key', 'token']],
  ])(
    'is checked for the edge’s key, its origin and its token, in this order: %j',
    async (more, reason, order) => {
      const { policy, asked } = stage();

      expect(await admit(policy, { ...good, ...more })).toMatchObject({ reason });
      expect(asked).toEqual(order);
    },
  );

  it('is not let in when keys cannot be read', async () => {
    const unreadable = () => Promise.reject(new Error('AccessDenied'));

    await expect(admitted(good, { originKey: unreadable })).rejects.toThrow('AccessDenied');
    await expect(admitted(good, { verify: unreadable })).rejects.toThrow('AccessDenied');
  });
});
