/** Calls an action of `fanfare.config.ts`: rights first, then the input, then the handler, once for a key if it is idempotent. */

import { type ErrorCode, ProtocolError } from 'fanfare-protocol/errors';
import { callHandler, HANDLER_BUDGET_MS, HandlerFailure } from '../own-logic/call.ts';
import { issueSentence } from '../own-logic/issue-sentence.ts';
import type { CallContext, OwnAction, Prepared } from '../own-logic/own-action.ts';
import { publishKeyOf } from '../realtime/log/sender.ts';
import { type ActionCaller, authorizeCall } from './caller.ts';
import { outcomeText, resultOf } from './outcome.ts';
import { RunFailed, type RunPorts, runOnce } from './run-once.ts';
import { type StageContext, stageChannels } from './stage-channels.ts';

export type CallPorts = StageContext['ports'] & RunPorts;

export interface OwnActionContext extends StageContext {
  readonly ports: CallPorts;
}

export interface Call {
  /** A name of the configuration. */
  readonly name: string;
  readonly data: unknown;
  readonly key: string | undefined;
}

/** The action of this name, if the configuration has it. `hasOwn`, because `in` would find `constructor`. */
export function findAction({ config: { actions } }: StageContext, name: string): OwnAction | undefined {
  return actions && Object.hasOwn(actions, name) ? actions[name] : undefined;
}

/**
 * The result of the action: any JSON.
 *
 * @throws ProtocolError the refusal of the handler, `rejected` if it names no code; `bad-request` for input that the schema refuses, and
 *   for a key that the action does not take; `unauthenticated`, `forbidden`, and `busy` while the same call runs.
 * @throws HandlerFailure if the handler fails.
 */
export async function callAction(
  action: OwnAction,
  call: Call,
  caller: ActionCaller,
  context: OwnActionContext,
): Promise<unknown> {
  const { name, key } = call;
  authorizeCall(action.access, caller.origin);
  if (key !== undefined && !action.idempotent)
    throw new ProtocolError('bad-request', `${name} is not idempotent, so it takes no key.`);
  const { now } = context.ports;
  const begun = now();
  const budgetMs = action.budgetMs ?? HANDLER_BUDGET_MS;
  const prepared = await prepare(action, call, budgetMs);
  const running = { call, caller, context, budgetMs: budgetMs - (now() - begun) };
  if (key === undefined) return resultOf(await runPlainly(prepared, running));
  const runKey = publishKeyOf(`@action:${name}`, { sender: caller.sender, key });
  return resultOf(await runOnce(context.ports, { runKey, budgetMs, run: () => run(prepared, running) }));
}

type Accepted = Extract<Prepared, { run: unknown }>;

/** @throws ProtocolError `bad-request`. */
async function prepare(action: OwnAction, { name, data }: Call, budgetMs: number): Promise<Accepted> {
  const prepared = await callHandler({
    name: `The schema of ${name}`,
    budgetMs,
    run: () => action.prepare(data),
  });
  if ('run' in prepared) return prepared;
  throw new ProtocolError('bad-request', `${issueSentence(prepared.issue)}.`);
}

interface Running {
  readonly call: Call;
  readonly caller: ActionCaller;
  readonly context: OwnActionContext;
  readonly budgetMs: number;
}

/** @throws ProtocolError, HandlerFailure */
async function runPlainly(prepared: Accepted, running: Running): Promise<string> {
  try {
    return await run(prepared, running);
  } catch (error) {
    throw error instanceof RunFailed ? error.cause : error;
  }
}

/** @throws RunFailed */
async function run(prepared: Accepted, { call, caller, context, budgetMs }: Running): Promise<string> {
  const { name, key } = call;
  let overtime: AbortSignal | undefined;
  try {
    const returned = await callHandler({
      name,
      budgetMs,
      run: (signal) => {
        overtime = signal;
        const channels = stageChannels(context, { action: name, caller, signal });
        const given: CallContext = { ...caller.origin, ...channels, action: name, key, signal };
        return prepared.run(given);
      },
    });
    return outcomeText(name, returned);
  } catch (error) {
    throw new RunFailed(refusalBehind(error) ?? error, overtime?.aborted === true);
  }
}

/** The refusals of a publish that are about the caller. Every other one is a mistake in the handler. */
const ABOUT_THE_CALLER: readonly ErrorCode[] = ['rejected', 'rate-limited', 'busy'];

/** The handler has called a method of its context, and let its refusal pass. */
function refusalBehind(error: unknown): ProtocolError | undefined {
  const cause = error instanceof HandlerFailure ? error.cause : undefined;
  return cause instanceof ProtocolError && ABOUT_THE_CALLER.includes(cause.code) ? cause : undefined;
}
