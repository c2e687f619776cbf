/** The authorization matrix over sockets: clients get exactly the rights of the table, and refused commands leave no trace. */

import type { Action } from 'fanfare-protocol/actions';
import { userChannel } from 'fanfare-protocol/channel';
import { type Grants, type Permission, permissions } from 'fanfare-protocol/grants';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visitInFlight } from '../../../lambdas/realtime/in-flight.ts';
import { storesOn } from '../../contracts/dynamo-stores.ts';
import { recordSecret } from '../../leaks/evidence.ts';
import { type Runtime, startRuntime } from '../../runtime.ts';
import { tokenSecretOf } from '../../tokens.ts';
import { actionNames, type Bearer, bearers, cells, namespaceNames, places } from './authorization-cells.ts';
import { expectedOf, type Findings, tryOut, type Visitor, visit } from './authorization-findings.ts';
import { describedKinds } from './authorization-table.ts';
import { expectedTraces, readLogs, readSubscriptions, type Traces } from './authorization-traces.ts';
import { type IdentityProvider, startIdentityProvider } from './identity-provider.ts';
import { localStage } from './local-stage.ts';
import {
  goodClaims,
  issuerNames,
  kindNames,
  type TokenIssuers,
  tokenIssuers,
  tokenKinds,
} from './token-kinds.ts';

/** Last and separate, so that the subscribers can be seen before. */
const LEAVING: readonly Action[] = ['unsubscribe'];
const STAYING = actionNames.filter((action) => !LEAVING.includes(action));

/** As many as a function has environments. */
const IN_FLIGHT = 4;

const atDoor = cells.filter(({ expected }) => expected === 'door');
const admitted = bearers.filter((bearer) => !atDoor.some((cell) => cell.bearer === bearer));

describe('the rights of every kind of token in every kind of namespace', () => {
  let runtime: Runtime;
  let provider: IdentityProvider;
  let connects = 0;
  const findings: string[] = [];
  let logs: Traces;
  let subscriptions: Traces;
  let subscriptionsLeft: Traces;

  beforeAll(async () => {
    provider = await startIdentityProvider();
    const tokens = { issuers: [provider.issuer] };
    runtime = await startRuntime({
      assemble: localStage({ tokens, config: new URL('matrix-config.ts', import.meta.url) }),
      onInvoked: (name) => {
        if (name.startsWith('connectFunction')) connects += 1;
      },
    });
    const issuers = tokenIssuers(await tokenSecretOf(runtime), provider);
    const stores = await storesOn(runtime.urls.dynamodb);

    const visitors: Visitor[] = [];
    await visitInFlight([...bearers.entries()], IN_FLIGHT, async ([index, bearer]) => {
      const token = await tokenOf(bearer, issuers, provider.publicKey);
      visitors[index] = await visit(runtime.urls.websocket, bearer, token);
    });
    const tryAllOut = async (actions: readonly Action[]) => {
      const found = new Map<Visitor, Findings>();
      await visitInFlight(visitors, IN_FLIGHT, async (visitor) => {
        found.set(visitor, await tryOut(visitor, actions));
      });
      findings.push(...visitors.flatMap((visitor) => found.get(visitor) ?? []));
    };
    await tryAllOut(STAYING);
    [logs, subscriptions] = await Promise.all([readLogs(stores), readSubscriptions(stores)]);
    await tryAllOut(LEAVING);
    subscriptionsLeft = await readSubscriptions(stores);
    stores.client.destroy();
  });

  afterAll(async () => {
    await runtime.close();
    await provider.close();
  });

  it(`all ${cells.length} cells follow the table, ${atDoor.length} of them at the door`, () => {
    expect(describedKinds).toEqual(kindNames);
    expect(bearers).toHaveLength(1 + (kindNames.length - 1) * issuerNames.length);
    expect(cells).toHaveLength(actionNames.length * places.length * bearers.length);

    expect(findings).toEqual([...expectedOf(bearers, STAYING), ...expectedOf(bearers, LEAVING)]);
  });

  it('a refused handshake does not run $connect', () => {
    expect(connects).toBe(admitted.length);
  });

  it('the logs hold every permitted publish, and no refused one', () => {
    expect(logs).toEqual(expectedTraces.logs);
  });

  it('every permitted subscribe makes a subscription, and no refused one does', () => {
    expect(subscriptions).toEqual(expectedTraces.subscriptions);
  });

  it('unsubscribe removes every subscription but those to built-in channels', () => {
    expect(subscriptionsLeft).toEqual(expectedTraces.subscriptionsLeft);
  });
});

async function tokenOf({ kind, issuer, user }: Bearer, issuers: TokenIssuers, publicKey: string) {
  const token = await tokenKinds[kind]({
    issuer: issuers[issuer],
    other: issuers[issuer === 'own' ? 'provider' : 'own'],
    publicKey,
    claims: goodClaims(issuers[issuer], user),
    rightGrants: { ...rightGrants, [userChannel(user)]: [...permissions] },
    wrongGrants,
  });
  if (token !== undefined) recordSecret(token);
  return token;
}

const rightGrants = grantsOf((channel, permission) => [[channel, [permission]]]);

const wrongGrants = {
  // Almost.
  otherChannels: grantsOf((channel, permission) => [
    [channel.slice(0, -1), [permission]],
    [`${channel}/*`, [permission]],
  ]),
  otherPermissions: grantsOf((channel, permission) => [
    [channel, permissions.filter((other) => other !== permission)],
  ]),
};

/** A claim about the channel that each permission is asked for, in every namespace. */
function grantsOf(claim: (channel: string, permission: Permission) => [string, Permission[]][]): Grants {
  return Object.fromEntries(
    namespaceNames.flatMap((name) =>
      permissions.flatMap((permission) => claim(`${name}:${permission}`, permission)),
    ),
  );
}
