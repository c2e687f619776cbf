/** From a text frame to the text of its reply: every command runs, in order, and every failure has a frame. */

import type { Action, Command, Reply } from 'fanfare-protocol/actions';
import { errorStatus, ProtocolError } from 'fanfare-protocol/errors';
import type { ErrorEvent } from 'fanfare-protocol/events';
import { changedNumber } from 'fanfare-protocol/json';
import {
  ChangedNumbers,
  type CommandEcho,
  echoOf,
  type Frame,
  parseCommand,
  parseFrame,
} from 'fanfare-protocol/parse';
import type { Meter } from '../realtime/access/meter.ts';
import type { Received } from '../realtime/access/rate-limit.ts';
import { isExpired, type Session } from '../realtime/access/session.ts';
import { ENVELOPE_BYTES, replyRoom } from '../realtime/log/reply-room.ts';
import type { ActionContext, FrameContext } from './action.ts';
import { actions } from './actions.ts';

/** The session, when the gateway received the frame, and the id under which an unexpected failure is logged. */
export type Caller = Session & Received & { readonly requestId: string };

/** Every command is answered, one way or the other. */
type Answer = Reply | ErrorEvent;

/** When tables are slow, a long array must not cost the replies that are there: the gateway waits 29 s. Milliseconds. */
const FRAME_BUDGET_MS = 15_000;

const OVERDUE = new ProtocolError('busy', 'There was no time left for this command; send it again.', 1_000);

/** The reply for `$default`'s two-way route (PR-4): one event, or an array as long as the array of commands. */
export async function answer(text: string, caller: Caller, context: ActionContext): Promise<string> {
  const frame = read(text);
  const size = { commands: 'batch' in frame ? frame.batch.length : 1, bytes: Buffer.byteLength(text) };
  // What cannot be read is charged as well, or it would be the cheapest way to keep us busy.
  const admitted = await context.rateLimit.admit(caller, size).catch((error: unknown) => ({ error }));
  const meter = 'error' in admitted ? undefined : admitted;
  const refused = 'error' in admitted ? admitted : undefined;
  if ('unreadable' in frame)
    return JSON.stringify(refusal(refused ? refused.error : frame.unreadable, {}, caller, context));

  const room = replyRoom(size.commands);
  const { now } = context.ports;
  const end = now() + FRAME_BUDGET_MS;
  const replyToOne = async (candidate: unknown, index: number): Promise<string> => {
    const changed = frame.changed?.get(index);
    const flaw = changed && changedNumber(changed[0] ?? '');
    const error = refused?.error ?? meter?.refusal ?? (now() < end ? flaw : OVERDUE);
    if (error !== undefined || !meter)
      return JSON.stringify(refusal(error, echoOf(candidate, changed), caller, context));
    const reply = await run(candidate, caller, { ...context, room, meter });
    const json = JSON.stringify(reply);
    const unpaid = meter.refusal ? undefined : await unpaidFor(json, meter);
    return unpaid === undefined ? json : JSON.stringify(refusal(unpaid, echoOf(candidate), caller, context));
  };
  if ('single' in frame) return replyToOne(frame.single, 0);
  const replies: string[] = [];
  for (const [index, candidate] of frame.batch.entries()) replies.push(await replyToOne(candidate, index));
  return `[${replies.join(',')}]`;
}

/**
 * Why a reply may not leave. One without content always does, because what it tells of has happened: if it is not paid for, the
 * next command waits for that.
 */
async function unpaidFor(reply: string, meter: Meter): Promise<unknown> {
  const bytes = Buffer.byteLength(reply);
  const unpaid = await meter.spend(bytes).then(
    () => undefined,
    (error: unknown) => error ?? new Error('unknown'),
  );
  return bytes > ENVELOPE_BYTES ? unpaid : undefined;
}

type Read =
  | (Frame & { readonly changed?: ChangedNumbers['changed'] })
  | { readonly unreadable: unknown; readonly changed?: never };

function read(text: string): Read {
  try {
    return parseFrame(text);
  } catch (error) {
    if (error instanceof ChangedNumbers) return { ...error.frame, changed: error.changed };
    return { unreadable: error };
  }
}

async function run(candidate: unknown, caller: Caller, context: FrameContext): Promise<Answer> {
  try {
    const command = parseCommand(candidate);
    if (isExpired(caller, context.ports.now()))
      throw new ProtocolError('token-expired', 'The token has expired; connect again with a new one.');
    const reply = await dispatch(command.action, command, caller, context);
    return command.id === undefined ? reply : { ...reply, id: command.id };
  } catch (error) {
    return refusal(error, echoOf(candidate), caller, context);
  }
}

function dispatch<A extends Action>(
  action: A,
  command: Command<A>,
  session: Session,
  context: FrameContext,
): Promise<Reply<A>> {
  return actions[action](command, session, context);
}

/** Detail goes to the log under the request id; the client gets a code and a safe sentence. */
function refusal(
  error: unknown,
  echo: CommandEcho,
  { requestId }: Caller,
  { ports }: ActionContext,
): ErrorEvent {
  if (error instanceof ProtocolError) return errorEvent(error, echo);
  ports.log.error('A command failed', { error: asError(error), requestId });
  return errorEvent(new ProtocolError('internal', `Something went wrong here; request ${requestId}.`), echo);
}

function errorEvent({ code, message, retryAfter }: ProtocolError, echo: CommandEcho): ErrorEvent {
  return {
    event: 'error',
    ...echo,
    code,
    status: errorStatus[code],
    message,
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('Something that is not an Error was thrown');
}
