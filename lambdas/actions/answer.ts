/** From commands to their replies: every command runs, in order, and every failure has a frame. */

import type { Action, Command, Reply } from 'fanfare-protocol/actions';
import { ProtocolError } from 'fanfare-protocol/errors';
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
import type { FrameSize } from '../realtime/access/rate-limit.ts';
import { type Caller, isExpired } from '../realtime/access/session.ts';
import { failureBody, protocolErrorOf } from '../realtime/failures.ts';
import { ENVELOPE_BYTES, type ReplyRoom, replyRoom } from '../realtime/log/reply-room.ts';
import type { ActionContext } from './action.ts';
import { actions } from './actions.ts';

/** The gateway waits 29 s for a reply. When tables are slow, a long array must not lose the replies that it has already. */
const FRAME_BUDGET_MS = 15_000;

const OVERDUE = new ProtocolError('busy', 'There was no time left for this command; send it again.', 1_000);

/**
 * Answers a text frame. The result is the reply of `$default`'s two-way route (PR-4): one event, or an array as long as the array
 * of commands.
 */
export async function answer(text: string, caller: Caller, context: ActionContext): Promise<string> {
  const frame = read(text);
  const commands = 'batch' in frame ? frame.batch.length : 1;
  // A frame that cannot be read is charged, too. Otherwise such frames would be the cheapest way to keep the function busy.
  const running = await begin({ commands, bytes: Buffer.byteLength(text) }, caller, context);
  if ('unreadable' in frame) {
    const error = 'error' in running.admission ? running.admission.error : frame.unreadable;
    return refuse(running, error, {}).json;
  }
  if ('single' in frame) return (await settle(running, asked(frame.single, frame.changed?.get(0)))).json;
  const replies: string[] = [];
  for (const [index, candidate] of frame.batch.entries())
    replies.push((await settle(running, asked(candidate, frame.changed?.get(index)))).json);
  return `[${replies.join(',')}]`;
}

/** Answers a command that is an object already. It is charged for the bytes that its text would have. */
export async function answerCommand<A extends Action>(
  action: A,
  command: Command<A>,
  caller: Caller,
  context: ActionContext,
): Promise<Reply<A> | ErrorEvent> {
  const bytes = Buffer.byteLength(JSON.stringify(command));
  const running = await begin({ commands: 1, bytes }, caller, context);
  const { event } = await settle(running, { read: () => ({ action, command }), echo: { action } });
  return event;
}

/** A frame while it is answered. */
interface Running {
  readonly caller: Caller;
  readonly context: ActionContext;
  readonly admission: { readonly meter: Meter } | { readonly error: unknown };
  readonly room: ReplyRoom;
  /** No command begins after this moment. Milliseconds since 1970. */
  readonly end: number;
}

async function begin(size: FrameSize, caller: Caller, context: ActionContext): Promise<Running> {
  const admission = await context.rateLimit.admit(caller, size).then(
    (meter) => ({ meter }),
    (error: unknown) => ({ error }),
  );
  const end = context.ports.now() + FRAME_BUDGET_MS;
  return { caller, context, admission, room: replyRoom(size.commands), end };
}

/** One command of a frame. */
interface Asked<A extends Action> {
  /** @throws ProtocolError when the candidate is not a command. */
  readonly read: () => { readonly action: A; readonly command: Command<A> };
  /** The fields that an error frame repeats. */
  readonly echo: CommandEcho;
  /** The reason why a well-formed command cannot run. */
  readonly flaw?: ProtocolError | undefined;
}

function asked(candidate: unknown, changed: readonly string[] | undefined): Asked<Action> {
  return {
    read: () => {
      const command = parseCommand(candidate);
      return { action: command.action, command };
    },
    echo: echoOf(candidate, changed),
    flaw: changed && changedNumber(changed[0] ?? ''),
  };
}

/** A reply or an error frame, and its text. */
interface Settled<Event> {
  readonly event: Event | ErrorEvent;
  readonly json: string;
}

async function settle<A extends Action>(running: Running, command: Asked<A>): Promise<Settled<Reply<A>>> {
  const { admission, context, end } = running;
  if ('error' in admission) return refuse(running, admission.error, command.echo);
  const { meter } = admission;
  const error = meter.refusal ?? (context.ports.now() < end ? command.flaw : OVERDUE);
  if (error !== undefined) return refuse(running, error, command.echo);
  const settled = await run(running, meter, command);
  const unpaid = meter.refusal ? undefined : await unpaidFor(settled.json, meter);
  return unpaid === undefined ? settled : refuse(running, unpaid, command.echo);
}

async function run<A extends Action>(
  running: Running,
  meter: Meter,
  { read, echo }: Asked<A>,
): Promise<Settled<Reply<A>>> {
  const { caller, context, room } = running;
  try {
    const { action, command } = read();
    if (isExpired(caller, context.ports.now()))
      throw new ProtocolError('token-expired', 'The token has expired; connect again with a new one.');
    const reply = await actions[action](command, caller, { ...context, room, meter });
    const event = command.id === undefined ? reply : { ...reply, id: command.id };
    return { event, json: JSON.stringify(event) };
  } catch (error) {
    return refuse(running, error, echo);
  }
}

/**
 * The reason why a reply may not leave. A reply without content always leaves, because its command has run. If the connection
 * cannot pay for it, the next command waits.
 */
async function unpaidFor(reply: string, meter: Meter): Promise<unknown> {
  const bytes = Buffer.byteLength(reply);
  const unpaid = await meter.spend(bytes).then(
    () => undefined,
    (error: unknown) => error ?? new Error('unknown'),
  );
  return bytes > ENVELOPE_BYTES ? unpaid : undefined;
}

type ReadFrame =
  | (Frame & { readonly changed?: ChangedNumbers['changed'] })
  | { readonly unreadable: unknown; readonly changed?: never };

function read(text: string): ReadFrame {
  try {
    return parseFrame(text);
  } catch (error) {
    if (error instanceof ChangedNumbers) return { ...error.frame, changed: error.changed };
    return { unreadable: error };
  }
}

function refuse(
  { caller, context }: Running,
  error: unknown,
  echo: CommandEcho,
): { readonly event: ErrorEvent; readonly json: string } {
  const report = { log: context.ports.log, message: 'A command failed', requestId: caller.requestId };
  const event: ErrorEvent = { event: 'error', ...echo, ...failureBody(protocolErrorOf(error, report)) };
  return { event, json: JSON.stringify(event) };
}
