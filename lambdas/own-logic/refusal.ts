/** The refusal that a handler of `fanfare.config.ts` returns: a value with a code and a sentence, not an exception. */

import type { ErrorCode } from 'fanfare-protocol/errors';
import * as v from 'valibot';

/** The codes that a handler may refuse with. The other codes of the protocol describe the server, so only the server sends them. */
export const refusalCodes = [
  'bad-request',
  'unauthenticated',
  'forbidden',
  'not-found',
  'too-large',
  'rejected',
] as const satisfies readonly ErrorCode[];

export type RefusalCode = (typeof refusalCodes)[number];

/**
 * Marks a refusal. It is registered by name, because a bundle may hold this module twice: once for the user's file and once for the
 * function.
 */
const REFUSAL = Symbol.for('fanfare.refusal');

export interface Refusal {
  readonly [REFUSAL]: true;
  /** Absent: the code of the handler, which is `rejected` for `onPublish` and `forbidden` for `onSubscribe` and `onConnect`. */
  readonly code?: RefusalCode;
  /** The client gets this sentence as it is, up to 500 bytes. */
  readonly sentence: string;
}

/**
 * Refuses what a handler was asked. The caller gets the sentence, so write no secret into it.
 *
 * @param sentence What is wrong, and what would be right. At most 500 bytes; the rest is cut off.
 * @param code @default `rejected` (422) in `onPublish`, `forbidden` (403) in `onSubscribe` and `onConnect`
 * @example
 * onPublish: ({ data }) => (data.text.length > 500 ? refuse('A message has at most 500 characters.') : undefined)
 */
export function refuse(sentence: string, code?: RefusalCode): Refusal {
  return Object.freeze({ [REFUSAL]: true as const, sentence, ...(code !== undefined && { code }) });
}

const content = v.object({
  sentence: v.pipe(v.string(), v.minLength(1)),
  code: v.optional(v.picklist(refusalCodes)),
});

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && REFUSAL in value && v.is(content, value);
}

/**
 * A frame of a hundred commands has a hundred replies, which share one message of 128 KB with everything else that a reply repeats.
 * Bytes.
 */
export const SENTENCE_BYTES = 500;

/** The sentence, cut after whole characters if it is too long. */
export function sentenceOf({ sentence }: Pick<Refusal, 'sentence'>): string {
  if (Buffer.byteLength(sentence) <= SENTENCE_BYTES) return sentence;
  const room = new Uint8Array(SENTENCE_BYTES - Buffer.byteLength('…'));
  const { read } = new TextEncoder().encodeInto(sentence, room);
  return `${sentence.slice(0, read)}…`;
}
