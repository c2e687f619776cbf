/** Attacks by commands of a connection: channels, sides and names that its token does not give. */

import type { ServerEvent } from 'fanfare-protocol/events';
import {
  CHANNELS_PER_CONNECTION,
  COMMANDS_PER_FRAME,
  HISTORY_LIMIT_MAX,
  JSON_DEPTH,
  MESSAGES_PER_PUBLISH,
} from 'fanfare-protocol/limits';
import { expect } from 'vitest';
import type { AttackedStage, Attacks } from '../attacked-stage.ts';

interface Attempt {
  readonly as?: string;
  readonly grants?: Readonly<Record<string, ('subscribe' | 'publish' | 'members')[]>>;
  readonly command: object;
  readonly refused: string;
}

const attempt =
  ({ as, grants, command, refused }: Attempt) =>
  async (stage: AttackedStage): Promise<void> => {
    expect(await stage.outcome(await stage.converse(as, grants), command)).toBe(refused);
  };

const refusedFrame =
  (frame: string, code: string) =>
  async (stage: AttackedStage): Promise<void> => {
    expect(await stage.askRaw(frame)).toMatchObject({ event: 'error', code });
  };

const inChat = { 'chat:a*': ['subscribe' as const] };

export const commands: Attacks = {
  'a user does not read the inbox of another': attempt({
    as: 'bob',
    command: { action: 'subscribe', channel: '@user:ann' },
    refused: 'forbidden',
  }),
  'an escaped name is not the inbox of another': attempt({
    as: 'bob',
    command: { action: 'history', channel: '@user:=61nn' },
    refused: 'forbidden',
  }),
  'an anonymous client has no inbox': attempt({
    command: { action: 'subscribe', channel: '@user:undefined' },
    refused: 'unauthenticated',
  }),
  'a user does not write into an inbox': attempt({
    as: 'ann',
    command: { action: 'publish', channel: '@user:ann', data: 1 },
    refused: 'forbidden',
  }),
  'a user does not announce to the public': attempt({
    as: 'ann',
    grants: { '*': ['publish'] },
    command: { action: 'publish', channel: 'public:news', data: 1 },
    refused: 'forbidden',
  }),
  'a user does not see who listens to the public': attempt({
    as: 'ann',
    command: { action: 'members', channel: 'public:news' },
    refused: 'forbidden',
  }),
  'a client does not list all connections as members of @all': attempt({
    as: 'ann',
    command: { action: 'members', channel: '@all' },
    refused: 'forbidden',
  }),
  'an anonymous client does not speak where users do': attempt({
    command: { action: 'publish', channel: 'chat:room', data: 1 },
    refused: 'unauthenticated',
  }),
  'a narrowed token does not read a neighbour of its channels': attempt({
    as: 'ann',
    grants: inChat,
    command: { action: 'subscribe', channel: 'chat:b' },
    refused: 'forbidden',
  }),
  'a narrowed token does not read the history of a neighbour': attempt({
    as: 'ann',
    grants: inChat,
    command: { action: 'history', channel: 'chat:b' },
    refused: 'forbidden',
  }),
  'a narrowed token does not mark a neighbour': attempt({
    as: 'ann',
    grants: inChat,
    command: { action: 'mark', channel: 'chat:b', seq: 0 },
    refused: 'forbidden',
  }),
  'a token that may listen does not speak': attempt({
    as: 'ann',
    grants: inChat,
    command: { action: 'publish', channel: 'chat:a', data: 1 },
    refused: 'forbidden',
  }),
  'a token that may listen does not see who is there': attempt({
    as: 'ann',
    grants: inChat,
    command: { action: 'members', channel: 'chat:a' },
    refused: 'forbidden',
  }),
  'a channel of no namespace does not exist': attempt({
    as: 'ann',
    command: { action: 'subscribe', channel: 'constructor:x' },
    refused: 'forbidden',
  }),
  'a name that only looks like a channel is none': attempt({
    as: 'ann',
    command: { action: 'subscribe', channel: 'chat:room#1' },
    refused: 'bad-request',
  }),
  'a channel in letters of another script is none': attempt({
    as: 'ann',
    command: { action: 'subscribe', channel: 'сhat:room' },
    refused: 'bad-request',
  }),
  'an action that every object has is none': attempt({
    as: 'ann',
    command: { action: '__proto__' },
    refused: 'unknown-action',
  }),
  'an action of the server’s own is none': attempt({
    as: 'ann',
    command: { action: 'revoke', user: 'bob' },
    refused: 'unknown-action',
  }),
  'a page of history is bounded': attempt({
    as: 'ann',
    command: { action: 'history', channel: 'chat:room', limit: HISTORY_LIMIT_MAX + 1 },
    refused: 'bad-request',
  }),
  'a publish is bounded': attempt({
    as: 'ann',
    command: {
      action: 'publish',
      channel: 'chat:room',
      messages: Array.from({ length: MESSAGES_PER_PUBLISH + 1 }, () => ({ data: 1 })),
    },
    refused: 'bad-request',
  }),
  'a number that JavaScript would change is not published as another': refusedFrame(
    '{"action":"publish","channel":"chat:room","data":9007199254740993}',
    'bad-request',
  ),
  'a frame of too many commands runs none of them': refusedFrame(
    JSON.stringify(Array.from({ length: COMMANDS_PER_FRAME + 1 }, () => ({ action: 'ping' }))),
    'too-large',
  ),
  'data that is nested too deep is refused': refusedFrame(
    `{"action":"publish","channel":"chat:room","data":${'['.repeat(JSON_DEPTH)}${']'.repeat(JSON_DEPTH)}}`,
    'bad-request',
  ),
  'a connection is in no more channels than it may be': async (stage) => {
    const conversation = await stage.converse('ann');
    const subscribe = (index: number) => ({ action: 'subscribe', channel: `live:held-${index}` });
    // It is in its inbox and in @all already.
    const all = Array.from({ length: CHANNELS_PER_CONNECTION }, (_, index) => subscribe(index));
    const replies: ServerEvent[] = [];
    // A busy machine runs ten within the time of a function, and not one hundred.
    while (all.length > 0) replies.push(...(await conversation.askAll(all.splice(0, 10))));
    const refused = replies.filter(({ event }) => event === 'error');
    expect(refused.length).toBe(2);
    expect(refused.every((reply) => reply.event === 'error' && reply.code === 'rate-limited')).toBe(true);
  },
  'a client does not leave the channels that it has from the start': async (stage) => {
    const conversation = await stage.converse('ann');
    const outcome = await stage.outcome(conversation, { action: 'unsubscribe', channel: '@all' });
    expect(outcome).toBe('forbidden');
  },
};
