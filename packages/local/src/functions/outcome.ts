/** How an invocation ended, and the texts of failures. */

export type Outcome = { readonly kind: 'result'; readonly value: unknown } | Failure;

export interface Failure {
  /** `died`: the environment has ended and cannot be used again. */
  readonly kind: 'error' | 'died';
  /** The class of the thrown value, or Lambda's name for the end of the environment. */
  readonly errorType: string;
  readonly message: string;
  /** The lines of the stack, if the function threw an error. */
  readonly trace?: readonly string[];
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html#troubleshooting-timeouts */
export const TIMED_OUT = 'Sandbox.Timedout';

/** The error of an environment that ends by itself before it answers. */
export const EXITED = 'Runtime.ExitError';

/** The caller gets this instead of a result. If nothing was thrown, Lambda names the request. */
export function errorPayload({ errorType, message, trace }: Failure, requestId: string) {
  return trace
    ? { errorType, errorMessage: message, trace }
    : { errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` };
}

/** The text that the developer sees. */
export function failureText({ message, trace = [] }: Failure): string {
  return trace.length > 0 ? trace.join('\n') : message;
}
