/** A fault for each group of the smoke command, and the one fact that has to find it. */

import { membersOf } from '../../smoke/frame.ts';
import type { GroupName } from '../../smoke/groups.ts';
import type { Stage } from '../../smoke/stage.ts';
import { healthyAccount, leakingLogs } from './aws-doors.ts';
import { withAnswers, withDeaf, withEnds, withTexts } from './doors.ts';
import { paperStage } from './paper-stage.ts';

export interface Plant {
  /** The fault of the stage, in the words of an operator. */
  readonly fault: string;
  /** The name of the fact that fails; all others of its group hold. */
  readonly fact: string;
  plant(stage: Stage): Stage;
}

/** Long enough for real frames. It is short, because a fact waits as long for a missing frame. Milliseconds. */
const PATIENCE = { answerMs: 8_000, noticedMs: 8_000 };

/** The fact opens 24 sockets, and cuts the first of them. */
const LAST_OF_THE_CROWD = 24;

const impatient = (stage: Stage): Stage => ({ ...stage, patience: { ...stage.patience, ...PATIENCE } });

/** Exhaustive by compilation: a new group does not compile without a fault that it finds. */
export const plants: Readonly<Record<GroupName, Plant>> = {
  account: {
    fault: 'the account is new, and runs ten functions at once',
    fact: 'concurrency',
    plant: (stage) => ({
      ...stage,
      account: { ...healthyAccount, concurrency: async () => ({ total: 10, unreserved: 1_000 }) },
    }),
  },
  handshake: {
    fault: 'pages of every site are let in',
    fact: 'foreign-origin',
    plant: (stage) => ({
      ...stage,
      open({ headers = {}, ...handshake }, onText) {
        const { Origin: _, ...others } = headers;
        return stage.open({ ...handshake, headers: others }, onText);
      },
    }),
  },
  ping: {
    fault: 'ping has no route of its own, and runs a function',
    fact: 'no-function',
    plant: (stage) =>
      withTexts(stage, (text) => (text === '{"event":"pong"}' ? '{"event":"pong","id":"smoke"}' : text)),
  },
  'odd-frames': {
    fault: 'an empty array is answered by an empty array',
    fact: 'empty-array',
    plant: (stage) => withTexts(stage, (text) => (text.includes('array of commands is empty') ? '[]' : text)),
  },
  messages: {
    fault: 'messages name another sender',
    fact: 'heard',
    plant: (stage) => withTexts(stage, (text) => text.replaceAll('"from":"', '"from":"not-')),
  },
  frames: {
    fault: 'a binary frame ends the connection without a reason',
    fact: 'binary',
    plant: (stage) => withEnds(stage, (end) => (end.code === 1003 ? { ...end, code: 1006 } : end)),
  },
  management: {
    fault: 'a post to an id that no connection has is accepted',
    fact: 'post-to-gone',
    plant: ({ management, ...stage }) => ({
      ...stage,
      management: {
        ...management,
        async post(connectionId, text) {
          if (connectionId === 'AAAAAAAAAAAAAAA=') return { status: 200, error: '' };
          return management.post(connectionId, text);
        },
      },
    }),
  },
  lost: {
    fault: 'no one is told of a client whose network is gone',
    fact: 'left',
    plant: (stage) =>
      withTexts(impatient(stage), (text) => (text.startsWith('{"event":"left"') ? undefined : text)),
  },
  presence: {
    fault: 'channels that are in use are not listed',
    fact: 'occupied-and-vacated',
    plant: (stage) =>
      withAnswers(impatient(stage), async (request, own) =>
        request.url.endsWith('/channels') ? Response.json({ channels: [] }) : own(),
      ),
  },
  api: {
    fault: 'the HTTP API asks for no token',
    fact: 'without-token',
    plant: (stage) =>
      withAnswers(stage, async (request, own) =>
        request.headers.has('authorization') ? own() : Response.json({}),
      ),
  },
  stages: {
    fault: 'an event is published by every stage of the account',
    fact: 'foreign-event',
    plant: (stage) => ({
      ...stage,
      putEvent: (type, detail) => stage.putEvent(type, { ...membersOf(detail), stage: stage.name }),
    }),
  },
  wide: {
    fault: 'one of the subscribers is left out',
    fact: 'reached',
    plant: (stage) => withDeaf(impatient(stage), LAST_OF_THE_CROWD),
  },
  fallback: {
    fault: 'a session that was closed goes on',
    fact: 'poll',
    plant: (stage) =>
      withAnswers(stage, async (_request, own) => {
        const answer = await own();
        return answer.status === 410 ? Response.json({ frames: [], ack: '' }) : answer;
      }),
  },
  slow: {
    fault: 'connections are closed before their time',
    fact: 'lifetime',
    plant: (stage) => paperStage(stage, { lifetimeMs: stage.patience.lifetimeMs / 2 }),
  },
  logs: {
    fault: 'a function prints tokens',
    fact: 'no-token',
    plant: (stage) => ({ ...stage, logs: leakingLogs }),
  },
};
