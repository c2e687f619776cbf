/** The failure of a handler that returned something without a meaning. It fails closed: `false` is no permission. */

import { HandlerFailure } from './call.ts';

/** @param allowed The results that have a meaning, such as `nothing or refuse(...)`. The log gets the kind of the result, and not its content. */
export function unknownResult(name: string, result: unknown, allowed: string): HandlerFailure {
  const kind =
    result === null ? 'null' : Array.isArray(result) ? 'an array' : `a value of type ${typeof result}`;
  return new HandlerFailure(`${name} returned ${kind}; a handler returns ${allowed}`);
}
