/** From commands to their replies: every command runs, in order, and every failure has a frame. */

import type { Action, Command, Reply } from 'fanfare-protocol/actions';
import { ProtocolError } from 'fanfare-protocol/errors';
import type { ErrorEvent } from 'fanfare-protocol/events';
import { changedNumber } from 'fanfare-protocol/json';
import { COMMANDS_PER_FRAME } from 'fanfare-protocol/limits';
import type { OwnReply } from 'fanfare-protocol/own-action';
import {
  ChangedNumbers,
  type CommandEcho,
  echoOf,
  type Frame,
  parseCommand,
  parseFrame,
  parseOwnCommand,
} from 'fanfare-protocol/parse';
import { findAction } from '../own-actions/call-action.ts';
import type { Meter } from '../realtime/access/meter.ts';
import type { FrameSize } from '../realtime/access/rate-limit.ts';
import { type Caller, isExpired } from '../realtime/access/session.ts';
import { failureBody, protocolErrorOf } from '../realtime/failures.ts';
import { ENVELOPE_BYTES, type ReplyRoom, replyRoom } from '../realtime/log/reply-room.ts';
import { logLines } from '../realtime/log-lines.ts';
import type { ActionContext, FrameContext } from './action.ts';
import { actions } from './actions.ts';
import { callOwn } from './call-own.ts';
import { weightOf } from './frame-weight.ts';
import { LargeFrame, NO_ROOM } from './large-frame.ts';
import { type Prepared, SubscribesTogether } from './subscribe-together.ts';

/** The gateway waits 29 s for a reply. When tables are slow, a long array must not lose the replies that it has already. */
const FRAME_BUDGET_MS = 15_000;

const OVERDUE = new ProtocolError('busy', 'There was no time left for this command; send it again.', 1_000);

/**
 * Answers a text frame. The result is the reply of `$default`'s two-way route (PR-4): one event, or an array as long as the array
 * of commands.
 */
export async function answer(text: string, caller: Caller, context: ActionContext): Promise<string> {
  const frame = read(text);
  const candidates = 'batch' in frame ? frame.batch : [undefined];
  const size = { commands: weightOf(context.config, candidates), bytes: Buffer.byteLength(text) };
  const large = candidates.length > COMMANDS_PER_FRAME ? new LargeFrame(candidates) : undefined;
  // A frame that cannot be read is charged, too. Otherwise such frames would be the cheapest way to keep the function busy.
  const running = await begin(size, caller, context, large ?? replyRoom(candidates.length));
  if ('unreadable' in frame) {
    const error = 'error' in running.admission ? running.admission.error : frame.unreadable;
    return refuse(running, error, {}).json;
  }
  if ('single' in frame)
    return (await settle(running, asked(context, frame.single, frame.changed?.get(0)))).json;
  const all = frame.batch.map((candidate, index) => asked(context, candidate, frame.changed?.get(index)));
  const replies = await settleAll(running, all, large ? SUBSCRIBES_AT_ONCE : 1);
  // A subscribe that was done and is repeated does no harm.
  const fitting = replies.map(({ json }, index) =>
    !large || large.fits(json, index) ? json : refuse(running, NO_ROOM, all[index]?.echo ?? {}).json,
  );
  return `[${fitting.join(',')}]`;
}

/** Of one large frame. Each takes one or two small reads. One after the other, 500 of them would take seconds. */
const SUBSCRIBES_AT_ONCE = 16;

/** In their order, but as many subscribes at once as the frame may have, after their channels were joined together. */
async function settleAll(
  running: Running,
  all: readonly Asked<Reply | OwnReply>[],
  atOnce: number,
): Promise<readonly Settled<object>[]> {
  const { caller, context } = running;
  const together = new SubscribesTogether(all.map(subscribeIn));
  const replies: Settled<object>[] = [];
  while (replies.length < all.length) {
    const begin = replies.length;
    const prepared = mayRun(running) ? await together.prepare(begin, caller, context) : [];
    const next = all.slice(begin, begin + Math.max(1, Math.min(atOnce, prepared.length)));
    replies.push(...(await Promise.all(next.map((one, index) => settle(running, one, prepared[index])))));
  }
  return replies;
}

/** Whether the next command may run at all. */
function mayRun({ admission, caller, context, end }: Running): boolean {
  const now = context.ports.now();
  return 'meter' in admission && !admission.meter.refusal && now < end && !isExpired(caller, now);
}

function subscribeIn({ read, flaw }: Asked<Reply | OwnReply>): Command<'subscribe'> | undefined {
  if (flaw) return undefined;
  try {
    return read().subscribe;
  } catch {
    // It is refused when it is its turn.
    return undefined;
  }
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
  const { event } = await settle(running, { read: () => builtIn(action, command), echo: { action } });
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

async function begin(
  size: FrameSize,
  caller: Caller,
  context: ActionContext,
  room = replyRoom(1),
): Promise<Running> {
  const admission = await context.rateLimit.admit(caller, size).then(
    (meter) => ({ meter }),
    (error: unknown) => ({ error }),
  );
  const end = context.ports.now() + FRAME_BUDGET_MS;
  return { caller, context, admission, room, end };
}

/** A command that was read, before it runs. */
interface Runnable<Event> {
  readonly id: string | number | undefined;
  readonly subscribe?: Command<'subscribe'>;
  readonly run: (caller: Caller, context: FrameContext) => Promise<Event>;
}

/** One command of a frame. */
interface Asked<Event> {
  /** @throws ProtocolError when the candidate is not a command. */
  readonly read: () => Runnable<Event>;
  /** The fields that an error frame repeats. */
  readonly echo: CommandEcho;
  /** The reason why a well-formed command cannot run. */
  readonly flaw?: ProtocolError | undefined;
}

function asked(
  context: ActionContext,
  candidate: unknown,
  changed: readonly string[] | undefined,
): Asked<Reply | OwnReply> {
  return {
    read: () => {
      const own = parseOwnCommand(candidate, (name) => findAction(context, name) !== undefined);
      if (own) return { id: own.id, run: (caller, frame) => callOwn(own, caller, frame) };
      const command = parseCommand(candidate);
      const runnable = builtIn(command.action, command);
      return command.action === 'subscribe' ? { ...runnable, subscribe: command } : runnable;
    },
    echo: echoOf(candidate, changed),
    flaw: changed && changedNumber(changed[0] ?? ''),
  };
}

function builtIn<A extends Action>(action: A, command: Command<A>): Runnable<Reply<A>> {
  return { id: command.id, run: (caller, context) => actions[action](command, caller, context) };
}

/** A reply or an error frame, and its text. */
interface Settled<Event> {
  readonly event: Event | ErrorEvent;
  readonly json: string;
}

async function settle<Event extends object>(
  running: Running,
  command: Asked<Event>,
  prepared?: Prepared,
): Promise<Settled<Event>> {
  const { admission, context, end } = running;
  if ('error' in admission) return refuse(running, admission.error, command.echo);
  const { meter } = admission;
  const error = meter.refusal ?? (context.ports.now() < end ? command.flaw : OVERDUE);
  if (error !== undefined) return refuse(running, error, command.echo);
  const settled = await run(running, meter, command, prepared);
  const unpaid = meter.refusal ? undefined : await unpaidFor(settled.json, meter);
  return unpaid === undefined ? settled : refuse(running, unpaid, command.echo);
}

async function run<Event extends object>(
  running: Running,
  meter: Meter,
  { read, echo }: Asked<Event>,
  prepared: Prepared | undefined,
): Promise<Settled<Event>> {
  const { caller, context, room } = running;
  try {
    const command = read();
    if (isExpired(caller, context.ports.now()))
      throw new ProtocolError('token-expired', 'The token has expired; connect again with a new one.');
    if (prepared && 'error' in prepared) throw prepared.error;
    const reply = await command.run(caller, { ...context, room, meter, ...(prepared && { prepared }) });
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
  const report = { log: context.ports.log, message: logLines.commandFailed, requestId: caller.requestId };
  const event: ErrorEvent = { event: 'error', ...echo, ...failureBody(protocolErrorOf(error, report)) };
  return { event, json: JSON.stringify(event) };
}
