import { describe, expect, it } from 'vitest';
import { findToken, type TokenPlaces } from '../../../lambdas/identity/handshake-token.ts';

const nothing: TokenPlaces = { authorization: undefined, offered: undefined, query: undefined };
const tokenIn = (handshake: Partial<TokenPlaces>) => findToken({ ...nothing, ...handshake });

describe('the token of a handshake', () => {
  it.each<[string, Partial<TokenPlaces>]>([
    ['the query', { query: 't1' }],
    ['the header', { authorization: 'Bearer t1' }],
    ['the query, twice', { query: ['t1', 't1'] }],
    ['the header, twice', { authorization: 'Bearer t1,bearer  t1' }],
    ['the header, in any case', { authorization: 'bEARER t1' }],
    ['the header, after many spaces', { authorization: 'Bearer   t1' }],
    ['the subprotocols', { offered: 'fanfare.v1, t1' }],
    ['the subprotocols, close together', { offered: 'fanfare.v1,t1' }],
    ['the subprotocols, with gaps', { offered: ' fanfare.v1 ,, t1 , ' }],
    ['the subprotocols, among versions', { offered: 'fanfare.v2, fanfare.v1, fanfare.v0, t1' }],
  ])('is found in %s', (_place, handshake) => {
    expect(tokenIn(handshake)).toEqual({ token: 't1' });
  });

  it.each<[string, Partial<TokenPlaces>]>([
    ['is said', {}],
    ['but a version is offered', { offered: 'fanfare.v1' }],
    ['but versions are offered', { offered: 'fanfare.v1, fanfare.v2, fanfare.v1' }],
    ['comes after the version', { offered: 't1, fanfare.v1' }],
    ['comes with a version of ours', { offered: 'fanfare.v2, t1' }],
    ['but another protocol is offered', { offered: 'mqtt' }],
    ['but commas are offered', { offered: 'fanfare.v1, , ,' }],
    ['and no protocol is offered', { offered: '' }],
  ])('is absent when nothing %s', (_what, handshake) => {
    expect(tokenIn(handshake)).toBe('none');
  });

  it('may be in several places if it is the same', () => {
    const handshake = { query: 't1', authorization: 'Bearer t1', offered: 'fanfare.v1, t1, t1' };

    expect(tokenIn(handshake)).toEqual({ token: 't1' });
  });

  it.each<Partial<TokenPlaces>>([
    { query: ['t1', 't2'] },
    { query: ['', 't1'] },
    { authorization: 'Bearer t1, Bearer t2' },
    { authorization: 'Bearer t1,' },
    { authorization: 'Basic t1, Bearer t1' },
    { query: 't1', authorization: 'Bearer t2' },
    { query: 't1', offered: 'fanfare.v1, t2' },
    { authorization: 'Bearer t1', offered: 'fanfare.v1, t2' },
    { offered: 'fanfare.v1, t1, t2' },
    { query: 't1', authorization: 'Bearer T1' },
    { query: 't1', authorization: 'Basic t1' },
    { query: '', authorization: 'Bearer t1' },
    { query: '', offered: 'fanfare.v1, t1' },
  ])('is refused when another place has another token: %j', (handshake) => {
    expect(tokenIn(handshake)).toBe('several');
  });

  it.each<Partial<TokenPlaces>>([
    { query: '' },
    { authorization: '' },
    { authorization: 'Bearer' },
    { authorization: 'Bearer ' },
    { authorization: 'Bearer\tt1' },
    { authorization: 'Bearert1' },
    { authorization: 'Basic YW5uOmFubg==' },
    { authorization: 't1' },
  ])(
    'of the wrong form counts as an empty token and not as no token, so that no client becomes anonymous by mistake: %j',
    (handshake) => {
      expect(tokenIn(handshake)).toEqual({ token: '' });
    },
  );
});
