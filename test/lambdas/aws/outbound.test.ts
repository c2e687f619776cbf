import { describe, expect, it } from 'vitest';
import { outboundOver } from '../../../lambdas/aws/outbound.ts';
import {
  newConnectionId,
  sessionKeyIn,
  sessionKeyOf,
} from '../../../lambdas/realtime/connections/http-sessions.ts';
import type { Outbound } from '../../../lambdas/realtime/connections/outbound.ts';
import { memoryHttpSessions, memoryMailboxes } from '../../memory/memory-http-sessions.ts';

const frame = Buffer.from('"frame"');
const sessionKey = sessionKeyOf('ann', 'a-random-session');
const overHttp = newConnectionId(sessionKey);
const socket = 'L0SM9cOFvHcCIhw=';

function ways() {
  const toGateway: string[] = [];
  const gateway: Outbound = {
    async post(connectionId) {
      toGateway.push(`post ${connectionId}`);
      return 'gone';
    },
    async disconnect(connectionId) {
      toGateway.push(`disconnect ${connectionId}`);
      return 'gone';
    },
  };
  const [mailboxes, sessions] = [memoryMailboxes(), memoryHttpSessions()];
  return { toGateway, mailboxes, sessions, gateway };
}

const failing = (name: string) => async () => {
  const error = new Error('no');
  error.name = name;
  throw error;
};

describe('the way out', () => {
  it('of a socket is the gateway, whose answer is the outcome', async () => {
    const { toGateway, mailboxes, ...rest } = ways();
    const outbound = outboundOver({ ...rest, mailboxes });

    expect([await outbound.post(socket, frame), await outbound.disconnect(socket)]).toEqual(['gone', 'gone']);
    expect(toGateway).toEqual([`post ${socket}`, `disconnect ${socket}`]);
    expect(await mailboxes.read(socket)).toEqual([]);
  });

  it('of a session over HTTP is its mailbox', async () => {
    const { toGateway, mailboxes, ...rest } = ways();
    const outbound = outboundOver({ ...rest, mailboxes });

    expect(await outbound.post(overHttp, frame)).toBe('sent');
    expect(await mailboxes.read(overHttp)).toMatchObject([{ content: { frame: '"frame"' } }]);
    expect(toGateway).toEqual([]);
  });

  it('of a session ends the session when it is disconnected', async () => {
    const { mailboxes, sessions, ...rest } = ways();
    const outbound = outboundOver({ ...rest, mailboxes, sessions });
    await sessions.open({ sessionKey, connectionId: overHttp, connectedAt: 1, leaseUntil: 2 });

    expect(await outbound.disconnect(overHttp)).toBe('closed');
    expect(await mailboxes.read(overHttp)).toMatchObject([{ content: 'closed' }]);
    expect(await sessions.find(sessionKey)).toBeUndefined();
  });

  it('of an older opening leaves the newer opening when it is disconnected', async () => {
    const { sessions, ...rest } = ways();
    const newer = { sessionKey, connectionId: newConnectionId(sessionKey), connectedAt: 1, leaseUntil: 2 };
    await sessions.open(newer);

    await outboundOver({ ...rest, sessions }).disconnect(overHttp);

    expect(await sessions.find(sessionKey)).toEqual(newer);
  });

  it.each([
    ['ThrottlingException', 'throttled'],
    ['ProvisionedThroughputExceededException', 'throttled'],
    ['RequestLimitExceeded', 'throttled'],
    ['TimeoutError', 'failed'],
  ])(
    'of a session has %s when the table of its mailbox answers %s, and is tried again',
    async (name, outcome) => {
      const { mailboxes, ...rest } = ways();
      const outbound = outboundOver({ ...rest, mailboxes: { ...mailboxes, put: failing(name) } });

      expect(await outbound.post(overHttp, frame)).toBe(outcome);
    },
  );
});

describe('the way out to a mailbox whose table refuses us', () => {
  it.each(['AccessDeniedException', 'ResourceNotFoundException', 'UnrecognizedClientException'])(
    'refuses that post alone after %s, which says nothing about sockets',
    async (name) => {
      const error = Object.assign(new Error('not you'), { name, $metadata: { httpStatusCode: 400 } });
      const { mailboxes, ...rest } = ways();
      const outbound = outboundOver({
        ...rest,
        mailboxes: { ...mailboxes, put: () => Promise.reject(error) },
      });

      expect(await outbound.post(overHttp, frame)).toEqual({
        refused: 'this post',
        reason: `${name}: not you`,
      });
    },
  );

  it('says why posts to the gateway failed', () => {
    const { gateway, ...rest } = ways();
    const outbound = outboundOver({ ...rest, gateway: { ...gateway, whyFailed: () => 'ECONNREFUSED' } });

    expect(outbound.whyFailed?.()).toBe('ECONNREFUSED');
  });
});

describe('the id of a connection over HTTP', () => {
  it('names its session, and differs for each opening', () => {
    const ids = new Set(Array.from({ length: 100 }, () => newConnectionId(sessionKey)));

    expect(ids.size).toBe(100);
    for (const id of ids) expect(sessionKeyIn(id)).toBe(sessionKey);
  });

  it('differs for each pair of user and name', () => {
    const pairs: readonly (readonly [string | undefined, string])[] = [
      ['ann', 'session'],
      ['bob', 'session'],
      [undefined, 'session'],
      ['', 'session'],
      ['undefined', 'session'],
      ['ann', 'session2'],
      ['session', 'ann'],
    ];

    expect(new Set(pairs.map((pair) => sessionKeyOf(...pair))).size).toBe(pairs.length);
  });

  it('is accepted in requests of operators', () => {
    expect(overHttp).toMatch(/^[A-Za-z0-9_\-=]{1,128}$/);
  });
});
