/** Facts about handshakes: which clients are admitted, and how the others are refused. */

import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { type Fact, type Group, saw, skipped } from '../fact.ts';
import type { Handshake } from '../stage.ts';
import type { Visit } from '../visit.ts';
import { type Entrance, Visitor } from '../visitor.ts';
import { tokenPlaces } from './token-places.ts';

/** An origin that no stage allows: RFC 2606 reserves `.invalid`, so no site has this name. */
const FOREIGN_ORIGIN = 'https://smoke.invalid';

/** As long as a real token, but not a token. */
const ANOTHER_SECRET = 'another secret '.repeat(4);

const HOUR_SECONDS = 3_600;

function entrance(come: Entrance): string {
  if (come instanceof Visitor) return `101, subprotocol ${come.wire.protocol || 'none'}`;
  return come.body === '' ? `${come.status} with an empty body` : `${come.status} with ${come.body}`;
}

const anonymous: Fact = {
  name: 'anonymous',
  number: 'AU-3',
  expected: 'a client without a token is let in',
  async look(visit) {
    if (!visit.stage.places.admitsAnonymous)
      return skipped('nothing in this stage is for clients without a token');
    const come = await visit.knock({});
    return saw(come instanceof Visitor, entrance(come));
  },
};

const echoed: Fact = {
  name: 'subprotocol',
  number: 'HS-10',
  expected: `a client that offers ${SUBPROTOCOL} gets it back`,
  async look(visit) {
    const come = await visit.knock({ ...(await visit.guest()), protocols: [SUBPROTOCOL] });
    return saw(come instanceof Visitor && come.wire.protocol === SUBPROTOCOL, entrance(come));
  },
};

const notEchoed: Fact = {
  name: 'no-subprotocol',
  number: 'HS-11',
  expected: 'a client that offers no subprotocol gets none',
  async look(visit) {
    const come = await visit.knock(await visit.guest());
    return saw(come instanceof Visitor && come.wire.protocol === '', entrance(come));
  },
};

/** AWS's own pages contradict each other about the slash. So the fact records what happened. */
const slashAtEnd: Fact = {
  name: 'slash-at-end',
  number: 'EP-1',
  expected: 'with a slash behind the stage, a client is let in, or refused with 403; which one is recorded',
  async look(visit) {
    const come = await visit.knock({ ...(await visit.guest()), path: '/' });
    return saw(come instanceof Visitor || come.status === 403, entrance(come));
  },
};

const revoked: Fact = {
  name: 'revoked',
  number: 'HS-5',
  expected: 'a revoked user is put out with 1000, and then refused with 401',
  async look(visit) {
    visit.needOwnUsers();
    const token = await visit.token('gone');
    const handshake = { protocols: [SUBPROTOCOL, token] };
    const inside = await visit.enter(handshake);
    await (await visit.server()).call('revoke', { user: visit.user('gone') });
    const { code } = await inside.closing();
    const come = await visit.knock(handshake);
    const isRefused = !(come instanceof Visitor) && come.status === 401;
    return saw(code === 1000 && isRefused, `${code}, then ${entrance(come)}`);
  },
};

export const handshake: Group = {
  facts: [
    anonymous,
    echoed,
    notEchoed,
    refused('other-subprotocol', 'HS-5', 400, 'only other subprotocols', async (visit) => ({
      ...(await visit.guest()),
      protocols: ['smoke.v1'],
    })),
    refused('no-jwt', 'AU-4', 401, 'a token that is no JWT', async () => ({ query: 'smoke' })),
    refused('wrong-token', 'AU-4', 401, 'a token signed with another secret', async (visit) => ({
      query: await visit.token('wrong', { secret: ANOTHER_SECRET }),
    })),
    refused('expired-token', 'AU-4', 401, 'a token that ended an hour ago', async (visit) => {
      const expiresAt = Math.floor(Date.now() / 1000) - HOUR_SECONDS;
      return {
        query: await visit.token('late', { issuedAt: expiresAt - 60, expiresAt }),
      };
    }),
    refused('server-token', 'AU-4', 401, 'a token for the HTTP API', async (visit) => ({
      query: await visit.run.tokens.ofServer(visit.id),
    })),
    refused('foreign-origin', 'WF-6', 403, 'a page of another site', async () => ({
      headers: { Origin: FOREIGN_ORIGIN },
    })),
    refused('path-below-stage', 'EP-1', 403, 'a path below the stage', async () => ({ path: '/smoke' })),
    slashAtEnd,
    revoked,
    ...tokenPlaces,
  ],
};

function refused(
  name: string,
  number: string,
  status: number,
  who: string,
  by: (visit: Visit) => Promise<Handshake>,
): Fact {
  return {
    name,
    number,
    expected: `${who}: refused with ${status}`,
    async look(visit) {
      const come = await visit.knock(await by(visit));
      return saw(!(come instanceof Visitor) && come.status === status, entrance(come));
    },
  };
}
