/** What travels between a page and the assistant: questions, and the pieces of answers in the chunks of the `ai` package. */

import type { UIMessageChunk } from 'ai';
import * as v from 'valibot';

/** Where pages ask. It keeps a history, so questions wait here while the server is cut off. */
export const REQUESTS = 'chat:assistant';

export const questionSchema = v.object({
  id: v.string(),
  role: v.literal('user'),
  parts: v.array(v.object({ type: v.literal('text'), text: v.string() })),
});

export const requestSchema = v.union([
  v.object({ chat: v.string(), question: questionSchema }),
  v.object({ chat: v.string(), stop: v.string() }),
]);

const pieceSchema = v.object({
  chat: v.string(),
  /** The id of the question. */
  to: v.string(),
  /** Only in the first piece of an answer. */
  question: v.optional(questionSchema),
  /** Only servers write to an inbox, so their shape is not checked further. */
  chunks: v.array(v.custom<UIMessageChunk>((chunk) => v.is(v.looseObject({ type: v.string() }), chunk))),
});

export type Question = v.InferOutput<typeof questionSchema>;
export type Request = v.InferOutput<typeof requestSchema>;
export type Piece = v.InferOutput<typeof pieceSchema>;

/** @returns `undefined` for what is not of this chat: an inbox gets other things, too. */
export function pieceOf(chat: string, data: unknown): Piece | undefined {
  const { success, output } = v.safeParse(pieceSchema, data);
  return success && output.chat === chat ? output : undefined;
}

export const isOver = (chunks: readonly UIMessageChunk[]) =>
  chunks.some(({ type }) => type === 'finish' || type === 'abort');
