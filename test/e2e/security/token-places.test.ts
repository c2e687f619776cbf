/** The places of a token in a handshake: each admits a right token, and refuses a wrong one. */

import { userChannel } from 'fanfare-protocol/channel';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../local/client.ts';
import { type Runtime, startRuntime } from '../../runtime.ts';
import { tokenSecretOf } from '../../tokens.ts';
import { Conversation } from './conversation.ts';
import { type IdentityProvider, startIdentityProvider } from './identity-provider.ts';
import { knock } from './knock.ts';
import { localStage } from './local-stage.ts';
import { goodClaims, type IssuerName, issuerNames, type TokenIssuers, tokenIssuers } from './token-kinds.ts';

interface Handshake {
  readonly query?: string;
  readonly protocols?: readonly string[];
  readonly headers?: Record<string, string>;
}

const places = {
  query: (token: string): Handshake => ({ query: token }),
  subprotocol: (token: string): Handshake => ({ protocols: [SUBPROTOCOL, token] }),
  header: (token: string): Handshake => ({ headers: { Authorization: `Bearer ${token}` } }),
};
type Place = keyof typeof places;
const placeNames: readonly Place[] = ['query', 'subprotocol', 'header'];

const ways = placeNames.flatMap((place) => issuerNames.map((issuer) => [place, issuer] as const));
const pairs: readonly (readonly [Place, Place])[] = [
  ['query', 'subprotocol'],
  ['query', 'header'],
  ['subprotocol', 'header'],
];

describe('a token', () => {
  let runtime: Runtime;
  let provider: IdentityProvider;
  let issuers: TokenIssuers;
  const open: Client[] = [];

  beforeAll(async () => {
    provider = await startIdentityProvider();
    runtime = await startRuntime({ assemble: localStage({ tokens: { issuers: [provider.issuer] } }) });
    issuers = tokenIssuers(await tokenSecretOf(runtime), provider);
  });

  afterEach(() => Promise.all(open.splice(0).map((client) => client.close())));

  afterAll(async () => {
    await runtime.close();
    await provider.close();
  });

  async function come({ query, protocols = [], headers }: Handshake): Promise<Client | number> {
    const url = new URL(runtime.urls.websocket);
    if (query !== undefined) url.searchParams.set('token', query);
    const entry = await knock(url.href, protocols, headers);
    if (typeof entry !== 'number') open.push(entry);
    return entry;
  }

  /** Whether the connection belongs to this user: only the owner may subscribe to an inbox. */
  async function isSignedInAs(user: string, entry: Client | number): Promise<boolean> {
    if (typeof entry === 'number') return false;
    const reply = await new Conversation(entry).ask({ action: 'subscribe', channel: userChannel(user) });
    return reply.event === 'subscribed';
  }

  function tokenOf(user: string, issuer: IssuerName = 'own'): Promise<string> {
    return issuers[issuer].sign(goodClaims(issuers[issuer], user));
  }

  /** A token of the right issuer for another audience. */
  function wrongToken(issuer: IssuerName): Promise<string> {
    return issuers[issuer].sign({ ...goodClaims(issuers[issuer], 'ann'), aud: 'another' });
  }

  it.each(ways)('in the %s by the issuer %s lets its user in', async (place, issuer) => {
    const entry = await come(places[place](await tokenOf('ann', issuer)));

    expect(await isSignedInAs('ann', entry)).toBe(true);
  });

  it.each(ways)('in the %s by the issuer %s with a fault is refused with 401', async (place, issuer) => {
    expect(await come(places[place](await wrongToken(issuer)))).toBe(401);
  });

  it.each(placeNames)('in the %s that is not a JWT is refused with 401', async (place) => {
    expect(await come(places[place]('let-me-in'))).toBe(401);
  });

  it('that is empty does not count as no token, and is refused with 401', async () => {
    expect(await come({ query: '' })).toBe(401);
    expect(await come({ headers: { Authorization: 'Bearer' } })).toBe(401);
    expect(await come({ headers: { Authorization: 'Basic YW5uOmFubg==' } })).toBe(401);
  });

  it.each(pairs)(
    'in the %s is refused with 401 beside another in the %s, though each is good',
    async (...two) => {
      const [first, second] = two;
      const [ann, bob] = [await tokenOf('ann'), await tokenOf('bob')];

      expect(await come({ ...places[first](ann), ...places[second](bob) })).toBe(401);
    },
  );

  it('is refused with 401 beside another one in the subprotocols', async () => {
    const protocols = [SUBPROTOCOL, await tokenOf('ann'), await tokenOf('bob')];

    expect(await come({ protocols })).toBe(401);
  });

  it('may stand in several places at once', async () => {
    const token = await tokenOf('ann');

    const entry = await come({
      ...places.query(token),
      ...places.subprotocol(token),
      ...places.header(token),
    });

    expect(await isSignedInAs('ann', entry)).toBe(true);
  });

  it('is never chosen as the subprotocol', async () => {
    const entry = await come(places.subprotocol(await tokenOf('ann')));

    expect(typeof entry === 'number' ? entry : entry.socket.protocol).toBe(SUBPROTOCOL);
  });
});
