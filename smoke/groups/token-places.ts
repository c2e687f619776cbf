/** The three places of a token in a handshake, and how long it may be. */

import { userChannel } from 'fanfare-protocol/channel';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import type { Grants } from '../../lambdas/identity/grants.ts';
import { type Fact, saw } from '../fact.ts';
import type { Handshake } from '../stage.ts';
import { Visitor } from '../visitor.ts';

const places = {
  query: (token: string): Handshake => ({ query: token }),
  subprotocol: (token: string): Handshake => ({ protocols: [SUBPROTOCOL, token] }),
  header: (token: string): Handshake => ({ headers: { Authorization: `Bearer ${token}` } }),
};

type Place = keyof typeof places;

/** This many channels make a token of 5 KB. It does not fit into a URL, which has at most 4,096 characters. */
const LONG_TOKEN_BYTES = 5 * 1024;
const manyChannels: Grants = Object.fromEntries(
  Array.from({ length: 72 }, (_, index) => [`chat:smoke-room-${index}-with-a-long-name`, ['subscribe']]),
);

export const tokenPlaces: readonly Fact[] = [
  place('query'),
  place('subprotocol'),
  place('header'),
  place('subprotocol', manyChannels),
  place('header', manyChannels),
];

function place(where: Place, channels?: Grants): Fact {
  const isLong = channels !== undefined;
  return {
    name: isLong ? `long-token-in-${where}` : `token-in-${where}`,
    number: isLong ? 'LM-9' : 'AU-6',
    expected: `a token${isLong ? ' of 5 KB' : ''} in the ${where} lets its user in, as that user`,
    async look(visit) {
      const inbox = userChannel(visit.user('ann'));
      // A token that names channels has to name the inbox, too.
      const named: Grants | undefined = channels && { ...channels, [inbox]: ['subscribe'] };
      const token = await visit.token('ann', named && { channels: named });
      if (isLong && token.length < LONG_TOKEN_BYTES) throw new Error(`The token has ${token.length} bytes`);
      const come = await visit.knock(places[where](token));
      if (!(come instanceof Visitor))
        return saw(false, `${come.status} for a token of ${token.length} characters`);
      // Only its owner may subscribe to an inbox.
      const { event } = await come.ask({ action: 'subscribe', channel: inbox });
      return saw(event === 'subscribed', `101 for ${token.length} characters, then ${String(event)}`);
    },
  };
}
