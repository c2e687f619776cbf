/** Data that a handler or a schema returned, as the JSON that will be stored and sent. */

import { checkParsed } from 'fanfare-protocol/json';
import { HandlerFailure } from './call.ts';

/**
 * A `Date` becomes its text, and members that are `undefined` are left out, as in every JSON. Size limits apply later, to the frame.
 *
 * @param name The handler in the log line.
 * @throws HandlerFailure for data that JSON cannot hold: `undefined`, functions, `NaN`, integers that JavaScript has rounded,
 *   circles, and more than 64 levels.
 */
export function plainJson(name: string, data: unknown): unknown {
  try {
    const text: string | undefined = JSON.stringify(data, refuseChanged);
    if (text === undefined) throw new Error('JSON has no undefined, no functions and no symbols');
    const parsed: unknown = JSON.parse(text);
    checkParsed(parsed, 'The data');
    return parsed;
  } catch (cause) {
    throw new HandlerFailure(`${name} returned data that is not JSON`, { cause });
  }
}

/** `JSON.stringify` would write `null` in place of these numbers, and the receiver could not tell. */
function refuseChanged(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`JSON has no ${value}`);
  return value;
}
