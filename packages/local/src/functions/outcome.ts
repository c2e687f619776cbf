/** How an invocation ended, and in which words a failure is told. */

export type Outcome = { readonly kind: 'result'; readonly value: unknown } | Failure;

export interface Failure {
  /** `died`: the environment is gone and another one must take its place. */
  readonly kind: 'error' | 'died';
  /** Class of what was thrown, or Lambda's name for the way in which an environment ended. */
  readonly errorType: string;
  readonly message: string;
  /** The stack by lines, if anything was thrown. */
  readonly trace?: readonly string[];
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html#troubleshooting-timeouts */
export const TIMED_OUT = 'Sandbox.Timedout';

/** What becomes of every other environment that ends before it has answered. */
export const EXITED = 'Runtime.ExitError';

/** What a caller gets instead of a result. Lambda names the request where nothing was thrown. */
export function errorPayload({ errorType, message, trace }: Failure, requestId: string) {
  return trace
    ? { errorType, errorMessage: message, trace }
    : { errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` };
}

/** What the developer is shown. */
export function failureText({ message, trace = [] }: Failure): string {
  return trace.length > 0 ? trace.join('\n') : message;
}
