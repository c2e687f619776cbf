/** Judges messages by the `schema` and the `onPublish` of their namespace, each message on its own. */

import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ProtocolError } from 'fanfare-protocol/errors';
import { type FailureReport, protocolErrorOf } from '../realtime/failures.ts';
import { logLines } from '../realtime/log-lines.ts';
import { callHandler } from './call.ts';
import { contextOf, type Origin } from './context.ts';
import type { IncomingMessage, NamespaceLogic } from './handlers.ts';
import { issueSentence } from './issue-sentence.ts';
import { plainJson } from './plain-json.ts';
import { isRefusal, refuse, sentenceOf } from './refusal.ts';
import { unknownResult } from './unknown-result.ts';

export type PublishRules = Pick<
  NamespaceLogic<StandardSchemaV1, unknown>,
  'schema' | 'onPublish' | 'budgetMs'
>;

/** The data as it is to be published, or the reason why it is not. */
export type Verdict = { readonly data: unknown } | { readonly error: ProtocolError };

/** A publish to one channel. */
export interface Publishing {
  readonly channel: string;
  readonly origin: Origin;
  /** Where a failure of a handler is logged. */
  readonly log: FailureReport['log'];
}

export function hasPublishRules({ schema, onPublish }: PublishRules): boolean {
  return schema !== undefined || onPublish !== undefined;
}

/**
 * The verdict on each message, in their order. Messages are judged at the same time, so a publish of fifty messages takes no longer
 * than the budget of one.
 */
export function judgeMessages(
  rules: PublishRules,
  publishing: Publishing,
  messages: readonly IncomingMessage<unknown>[],
): Promise<Verdict[]> {
  const { channel, origin, log } = publishing;
  const report = { log, message: logLines.handlerFailed, requestId: origin.requestId };
  return Promise.all(
    messages.map(async (message) => {
      try {
        return await judge(rules, { channel, origin }, message);
      } catch (error) {
        return { error: protocolErrorOf(error, report) };
      }
    }),
  );
}

/** @throws HandlerFailure */
async function judge(
  rules: PublishRules,
  { channel, origin }: Pick<Publishing, 'channel' | 'origin'>,
  sent: IncomingMessage<unknown>,
): Promise<Verdict> {
  const name = `${rules.onPublish ? 'onPublish' : 'schema'} of ${channel}`;
  // A copy, because a handler may change it, and the same message may go to several channels.
  const copy = structuredClone(sent);
  const judged = await callHandler({
    name,
    budgetMs: rules.budgetMs?.onPublish,
    run: (signal) =>
      checked(rules, copy, (message) => rules.onPublish?.(message, contextOf(origin, channel, signal))),
  });
  const { data, result } = judged;
  if (isRefusal(result)) return { error: new ProtocolError(result.code ?? 'rejected', sentenceOf(result)) };
  if (result === undefined) return { data: plainJson(name, data) };
  if (isReplacement(result)) return { data: plainJson(name, result.data) };
  throw unknownResult(name, result, 'nothing, { data } or refuse(...)');
}

interface Judged {
  /** What the schema returned. */
  readonly data: unknown;
  /** What the handler returned, or the refusal of the schema. */
  readonly result: unknown;
}

async function checked(
  { schema }: PublishRules,
  message: IncomingMessage<unknown>,
  handle: (message: IncomingMessage<unknown>) => unknown,
): Promise<Judged> {
  const { data } = message;
  // A removal has no data, which a schema would refuse.
  if (!schema || message.removed) return { data, result: await handle(message) };
  const output = await schema['~standard'].validate(data);
  if (output.issues) return { data, result: refuse(issueSentence(output.issues[0])) };
  return { data: output.value, result: await handle({ ...message, data: output.value }) };
}

function isReplacement(result: unknown): result is IncomingMessage<unknown> {
  return typeof result === 'object' && result !== null && Object.hasOwn(result, 'data');
}
