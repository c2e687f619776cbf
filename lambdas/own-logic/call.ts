/**
 * Calls a handler of `fanfare.config.ts` within its time budget. The handler runs in the process of the function, so a handler that
 * never yields, such as an endless loop, can only be ended by Lambda's own timeout.
 */

/** How long a handler may take if its configuration does not say. Milliseconds. */
export const HANDLER_BUDGET_MS = 3_000;

/**
 * The longest budget. A command begins within 15 s of its frame (`actions/answer.ts`), and the function ends after 28 s. So 3 s
 * are left for the write and the delivery. Milliseconds.
 */
export const HANDLER_BUDGET_MAX_MS = 10_000;

/**
 * A handler that threw, took too long, or returned something that has no meaning. The caller gets `internal` with the id of the
 * request. The log gets this error, and the handler's own error as its cause.
 */
export class HandlerFailure extends Error {
  override readonly name = 'HandlerFailure';
}

export interface HandlerCall<Result> {
  /** The handler in log lines, such as `onPublish of chat:room`. */
  readonly name: string;
  /** Milliseconds. */
  readonly budgetMs: number | undefined;
  /** The signal aborts when the budget is used up: a `fetch` or a request of the AWS SDK that takes it then ends, too. */
  readonly run: (signal: AbortSignal) => Result | PromiseLike<Result>;
}

/**
 * The value that the handler returns. A handler that is not asynchronous costs no timer.
 *
 * @throws HandlerFailure and nothing else: even a `ProtocolError` that the handler throws is a failure, because only a returned
 *   refusal is meant for the caller.
 */
export async function callHandler<Result>({
  name,
  budgetMs = HANDLER_BUDGET_MS,
  run,
}: HandlerCall<Result>): Promise<Result> {
  const overtime = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    const result = run(overtime.signal);
    if (!isThenable(result)) return result;
    const expiry = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const failure = new HandlerFailure(`${name} did not end within ${budgetMs} ms`);
        // First, so that the outcome is the failure, and not what the aborted request throws.
        reject(failure);
        overtime.abort(failure);
      }, budgetMs);
    });
    // A race listens to both promises, so a handler that rejects after its time causes no unhandled rejection.
    return await Promise.race([result, expiry]);
  } catch (error) {
    if (error instanceof HandlerFailure) throw error;
    throw new HandlerFailure(`${name} threw an error`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function isThenable<Result>(result: Result | PromiseLike<Result>): result is PromiseLike<Result> {
  return typeof result === 'object' && result !== null && 'then' in result;
}
