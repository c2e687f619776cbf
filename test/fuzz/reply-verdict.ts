/** Checks every answer of the function `default`. */

import { isDeepStrictEqual } from 'node:util';
import { errorStatus } from 'fanfare-protocol/errors';
import { type ErrorEvent, type ServerEvent, serverEvent } from 'fanfare-protocol/events';
import { COMMANDS_PER_FRAME, MESSAGE_BYTES } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import type { CallerName, SentMessage } from './message-events.ts';

const proxyResult = v.strictObject({ statusCode: v.literal(200), body: v.string() });
const replies = v.union([serverEvent, v.array(serverEvent)]);

/** The namespaces of a deployed stage that each client may read, and those that it may write. */
const rights: Readonly<Record<CallerName, { readonly reads: RegExp; readonly writes: RegExp }>> = {
  anonymous: { reads: /^(public:|live:|@all$)/, writes: /^$/ },
  'signed in': { reads: /^(public:|live:|chat:|@all$|@user:ann$)/, writes: /^(chat:|live:)/ },
  expired: { reads: /^$/, writes: /^$/ },
  restricted: { reads: /^(public:|live:|chat:room|@all$|@user:bob$)/, writes: /^$/ },
  'good for nothing': { reads: /^(public:|live:|@all$|@user:bob$)/, writes: /^$/ },
  'oddly named': { reads: /^(public:|live:|chat:|@all$|@user:__proto__$)/, writes: /^(chat:|live:)/ },
};

/** @returns what the answer consists of, by event or code of error. @throws Error that says what is wrong with it. */
export function judgeReply({ event, caller }: SentMessage, result: unknown): string[] {
  const { body } = v.parse(proxyResult, result);
  if (Buffer.byteLength(body) > MESSAGE_BYTES) throw new Error(`A reply of ${Buffer.byteLength(body)} bytes`);
  const answered: unknown = JSON.parse(body);
  const parsed = v.parse(replies, answered);
  // The schema drops unknown fields, so a reply with an undocumented field differs from its parsed form.
  if (!isDeepStrictEqual(parsed, answered)) throw new Error('A reply says more than the protocol');
  const asked = commandsOf(event.body);
  if (!Array.isArray(parsed)) {
    if (Array.isArray(asked) && !refusesWhole(parsed, asked))
      throw new Error('One reply for several commands');
    judgeOne(parsed, asked, caller);
    return [outcomeOf(parsed)];
  }
  if (!Array.isArray(asked) || asked.length !== parsed.length)
    throw new Error('Not one reply for each command');
  for (const [index, reply] of parsed.entries()) judgeOne(reply, asked[index], caller);
  return parsed.map(outcomeOf);
}

function outcomeOf(reply: ServerEvent): string {
  return reply.event === 'error' ? reply.code : reply.event;
}

function commandsOf(body = ''): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A frame that cannot be read, or is not let pass, has one error. */
function refusesWhole(reply: ServerEvent, { length }: readonly unknown[]): boolean {
  if (reply.event !== 'error') return false;
  if (length === 0 || length > COMMANDS_PER_FRAME) return true;
  return reply.message.includes('nests deeper') || reply.code === 'too-large' || isNotLetPass(reply);
}

/** The text for a frame that could not be read. */
function isNotLetPass({ code }: { readonly code: string }): boolean {
  return ['rate-limited', 'busy', 'internal'].includes(code);
}

const echoed = v.object({ id: v.optional(v.unknown()), action: v.optional(v.unknown()) });

function judgeOne(reply: ServerEvent, command: unknown, caller: CallerName): void {
  const echo = v.is(echoed, command) ? command : {};
  if (
    reply.event === 'messages' ||
    reply.event === 'joined' ||
    reply.event === 'left' ||
    reply.event === 'closing'
  )
    throw new Error('A push came as a reply');
  if (reply.event === 'error') {
    judgeRefusal(reply, echo);
    return;
  }
  if (reply.id !== echo.id) throw new Error('The id is not that of the command');
  if (caller === 'expired') throw new Error('An expired connection got something');
  if (reply.event !== 'pong' && reply.event !== 'unsubscribed') judgeRight(reply, caller);
}

/** Each field that the error repeats has the value of the command. */
function judgeRefusal({ code, status, ...repeated }: ErrorEvent, echo: v.InferOutput<typeof echoed>): void {
  if (status !== errorStatus[code]) throw new Error('The status is not that of the code');
  const { id = echo.id, action = echo.action } = repeated;
  if (id !== echo.id || action !== echo.action) throw new Error('The echo is not that of the command');
}

/** Only users get these replies; an anonymous connection does not. */
const FOR_USERS = new Set(['members', 'marked']);

function judgeRight(
  { event, channel }: { readonly event: string; readonly channel: string },
  caller: CallerName,
) {
  const { reads, writes } = rights[caller];
  const isAllowed = (event === 'published' ? writes : reads).test(channel);
  if (!isAllowed || (FOR_USERS.has(event) && caller === 'anonymous'))
    throw new Error(`${caller}: ${event} of ${channel}`);
}
