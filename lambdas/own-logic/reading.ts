/** Asks `onSubscribe` whether a connection may read a channel. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { type FailureReport, protocolErrorOf } from '../realtime/failures.ts';
import { logLines } from '../realtime/log-lines.ts';
import { callHandler } from './call.ts';
import { contextOf, type Origin } from './context.ts';
import type { Budgets, NamespaceHandlers, ReadAction } from './handlers.ts';
import { isRefusal, sentenceOf } from './refusal.ts';
import { unknownResult } from './unknown-result.ts';

export type SubscribeRule = Pick<NamespaceHandlers<unknown>, 'onSubscribe'> & { readonly budgetMs?: Budgets };

/** What a connection wants to read. */
export interface Reading {
  readonly channel: string;
  readonly action: ReadAction;
  readonly origin: Origin;
  /** Where a failure of the handler is logged. */
  readonly log: FailureReport['log'];
}

/** @throws ProtocolError the refusal of the handler, `forbidden` if it names no code; `internal` if the handler fails. */
export async function checkReading(rule: SubscribeRule, reading: Reading): Promise<void> {
  if (!rule.onSubscribe) return;
  const { channel, action, origin, log } = reading;
  const name = `onSubscribe of ${channel}`;
  try {
    const result = await callHandler({
      name,
      budgetMs: rule.budgetMs?.onSubscribe,
      run: (signal) => rule.onSubscribe?.({ ...contextOf(origin, channel, signal), action }),
    });
    if (isRefusal(result)) throw new ProtocolError(result.code ?? 'forbidden', sentenceOf(result));
    if (result !== undefined) throw unknownResult(name, result, 'nothing or refuse(...)');
  } catch (error) {
    throw protocolErrorOf(error, { log, message: logLines.handlerFailed, requestId: origin.requestId });
  }
}
