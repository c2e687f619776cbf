/** The outcome of a run: a result, or the refusal of its author. It is stored as text, so that a repetition gets the same. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { RESULT_BYTES } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { HandlerFailure } from '../own-logic/call.ts';
import { plainJson } from '../own-logic/plain-json.ts';
import { isRefusal, refusalCodes, sentenceOf } from '../own-logic/refusal.ts';

const outcome = v.union([
  v.object({ result: v.unknown() }),
  v.object({ refused: v.object({ code: v.picklist(refusalCodes), sentence: v.string() }) }),
  v.object({ unusable: v.string() }),
]);

const stored = v.pipe(v.string(), v.parseJson(), outcome);

/**
 * @param name The handler in log lines.
 * @param returned What the handler returned.
 */
export function outcomeText(name: string, returned: unknown): string {
  if (isRefusal(returned)) {
    const refused = { code: returned.code ?? 'rejected', sentence: sentenceOf(returned) };
    return JSON.stringify({ refused });
  }
  const json = jsonOf(name, returned);
  if (json instanceof HandlerFailure) return JSON.stringify({ unusable: json.message });
  if (Buffer.byteLength(json) > RESULT_BYTES)
    return JSON.stringify({ unusable: `${name} returned more than ${RESULT_BYTES} bytes` });
  return `{"result":${json}}`;
}

/**
 * The result of a stored outcome.
 *
 * @throws ProtocolError the refusal.
 * @throws HandlerFailure if the handler returned something that no reply can carry. It has run, so a repetition does not run it again.
 */
export function resultOf(text: string): unknown {
  const parsed = v.parse(stored, text);
  if ('refused' in parsed) throw new ProtocolError(parsed.refused.code, parsed.refused.sentence);
  if ('unusable' in parsed) throw new HandlerFailure(parsed.unusable);
  return parsed.result;
}

/** No result is `null`. */
function jsonOf(name: string, returned: unknown): string | HandlerFailure {
  try {
    return JSON.stringify(plainJson(name, returned ?? null));
  } catch (error) {
    return error instanceof HandlerFailure ? error : new HandlerFailure(name, { cause: error });
  }
}
