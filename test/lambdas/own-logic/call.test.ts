import { ProtocolError } from 'fanfare-protocol/errors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callHandler, HANDLER_BUDGET_MS, HandlerFailure } from '../../../lambdas/own-logic/call.ts';

const never = () => new Promise<never>(() => {});

function call<Result>(
  run: (signal: AbortSignal) => Result | PromiseLike<Result>,
  budgetMs?: number,
): Promise<Result> {
  return callHandler({ name: 'onPublish of chat:room', budgetMs, run });
}

describe('a call of a handler', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('returns what the handler returns, at once or later', async () => {
    expect(await call(() => 1)).toBe(1);
    expect(await call(async () => 2)).toBe(2);
    expect(await call(() => undefined)).toBeUndefined();
  });

  it('sets no timer for a handler that returns at once', async () => {
    const returned = call(() => 1);

    expect(vi.getTimerCount()).toBe(0);
    expect(await returned).toBe(1);
  });

  it('leaves no timer behind a handler that ends in time, or that throws', async () => {
    await call(async () => 1);
    await expect(call(async () => Promise.reject(new Error('late')))).rejects.toThrow(HandlerFailure);

    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['an Error', new Error('no table')],
    ['a string', 'oops'],
    ['nothing', undefined],
    ['a refusal of the protocol', new ProtocolError('forbidden', 'You may not.')],
  ])('fails with %s as the cause if the handler throws that', async (_what, cause) => {
    const throwing = () => {
      throw cause;
    };
    const failure = new HandlerFailure('onPublish of chat:room threw an error', { cause });

    await expect(call(throwing)).rejects.toEqual(failure);
    await expect(call(async () => throwing())).rejects.toEqual(failure);
  });

  it('fails when the budget is used up, and not a millisecond before', async () => {
    const outcome = vi.fn();
    call(never, 200).catch(outcome);

    await vi.advanceTimersByTimeAsync(199);
    expect(outcome).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(outcome).toHaveBeenCalledWith(
      new HandlerFailure('onPublish of chat:room did not end within 200 ms'),
    );
  });

  it('takes at most three seconds without a budget', async () => {
    const outcome = vi.fn();
    call(never).catch(outcome);

    await vi.advanceTimersByTimeAsync(HANDLER_BUDGET_MS);
    expect(outcome).toHaveBeenCalledOnce();
    expect(HANDLER_BUDGET_MS).toBe(3_000);
  });

  it('aborts the requests of a handler whose budget is used up, and ignores how they end', async () => {
    const ended = vi.fn();
    const outcome = vi.fn();
    call(
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            ended();
            reject(signal.reason);
          });
        }),
      50,
    ).catch(outcome);

    await vi.advanceTimersByTimeAsync(50);

    expect(ended).toHaveBeenCalledOnce();
    expect(outcome).toHaveBeenCalledWith(
      new HandlerFailure('onPublish of chat:room did not end within 50 ms'),
    );
  });
});
