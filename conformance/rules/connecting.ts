/** How a server answers the handshake. */

import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { expectThat } from '../peer.ts';
import type { Rule } from '../rule.ts';

const section = 'connecting';

export const connecting: readonly Rule[] = [
  {
    name: 'subprotocol-chosen',
    section,
    statement: `chooses ${SUBPROTOCOL} for a client that offers it`,
    async check(guest) {
      const { wire } = await guest.connect({ protocols: [SUBPROTOCOL] });
      expectThat(wire.protocol === SUBPROTOCOL, `The server chose ${JSON.stringify(wire.protocol)}.`);
    },
  },
  {
    name: 'no-subprotocol',
    section,
    statement: 'accepts a client that offers no subprotocol, and chooses none',
    async check(guest) {
      const { wire } = await guest.connect();
      expectThat(wire.protocol === '', `The server chose ${JSON.stringify(wire.protocol)}.`);
    },
  },
  {
    name: 'foreign-subprotocol',
    section,
    statement: 'refuses a client that offers only other subprotocols, with 400',
    async check(guest) {
      const status = await guest.refusal({ protocols: ['graphql-transport-ws'] });
      expectThat(status === 400, `The handshake was refused with ${status}.`);
    },
  },
  {
    name: 'bad-token',
    section,
    statement: 'refuses a token that no issuer has signed, with 401',
    async check(guest) {
      const status = await guest.refusal({ protocols: [SUBPROTOCOL, 'not.a.token'] });
      expectThat(status === 401, `The handshake was refused with ${status}.`);
    },
  },
  {
    name: 'two-tokens',
    section,
    statement: 'refuses a handshake with two different tokens, with 401',
    signedIn: true,
    async check(guest) {
      const status = await guest.refusal({ protocols: [SUBPROTOCOL, guest.token], query: 'another' });
      expectThat(status === 401, `The handshake was refused with ${status}.`);
    },
  },
  {
    name: 'token-places',
    section,
    statement: 'takes a token as a subprotocol, in the query, and in the header Authorization',
    signedIn: true,
    async check(guest) {
      const { token } = guest;
      const places = [
        { protocols: [SUBPROTOCOL, token] },
        { query: token },
        { headers: { Authorization: `Bearer ${token}` } },
      ];
      for (const place of places) {
        const peer = await guest.connect(place);
        // Only a signed-in user marks.
        await peer.ask({ action: 'mark', channel: guest.newChannel(), seq: 0 }, 'marked');
      }
    },
  },
  {
    name: 'foreign-path',
    section,
    statement: 'refuses a path below that of the server, with 403',
    async check(guest) {
      const status = await guest.refusal({ path: '/deeper' });
      expectThat(status === 403, `The handshake was refused with ${status}.`);
    },
  },
];
