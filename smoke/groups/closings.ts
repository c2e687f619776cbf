/** Facts about the operations of the HTTP API that end connections. Each fact uses a user of its own. */

import { type Sighting, saw } from '../fact.ts';
import type { Visit } from '../visit.ts';

/** The close code of the platform, which has no other code for a deletion (DC-6). */
const CLOSED = 1000;

async function closeConnection(visit: Visit): Promise<Sighting> {
  visit.needOwnUsers();
  const ann = await visit.signIn('ann');
  const [connectionId = ''] = await visit.connectionsOf('ann');
  const { closed } = await (await visit.server()).call('closeConnection', { connectionId });
  const { code } = await ann.closing();
  return saw(closed === 1 && code === CLOSED, `${closed} closed, with ${code}`);
}

async function closeConnections(visit: Visit): Promise<Sighting> {
  visit.needOwnUsers();
  const both = await Promise.all([visit.signIn('ann'), visit.signIn('ann')]);
  const { closed } = await (await visit.server()).call('closeConnections', { user: visit.user('ann') });
  const codes = (await Promise.all(both.map((ann) => ann.closing()))).map(({ code }) => code);
  return saw(
    closed === 2 && codes.every((code) => code === CLOSED),
    `${closed} closed, with ${codes.join()}`,
  );
}

async function revoke(visit: Visit): Promise<Sighting> {
  visit.needOwnUsers();
  const ann = await visit.signIn('ann');
  const { closed } = await (await visit.server()).call('revoke', { user: visit.user('ann') });
  const { code } = await ann.closing();
  return saw(closed === 1 && code === CLOSED, `${closed} closed, with ${code}`);
}

export const closings = {
  closeConnection: ['a connection is closed with 1000', closeConnection],
  closeConnections: ['both connections of a user are closed with 1000', closeConnections],
  revoke: ["a revocation closes the user's connection with 1000", revoke],
} as const;
