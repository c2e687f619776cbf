/** Bytes as messages: in base64, and cut into pieces where one message is too small for them. */

import { fromBase64, toBase64 } from 'lib0/buffer';
import * as v from 'valibot';

/** A frame has 32,768 bytes. The rest is for the names and numbers around a piece. Characters of base64. */
const PIECE_LENGTH = 30_000;

export const piece = v.object({
  /** Who cut it, and the number that the whole has for this client. */
  client: v.number(),
  id: v.number(),
  index: v.number(),
  count: v.number(),
  base64: v.string(),
});

type Piece = v.InferOutput<typeof piece>;

export function cut(bytes: Uint8Array, client: number, id: number): Piece[] {
  const base64 = toBase64(bytes);
  const count = Math.ceil(base64.length / PIECE_LENGTH);
  return Array.from({ length: count }, (_, index) => {
    const start = index * PIECE_LENGTH;
    return { client, id, index, count, base64: base64.slice(start, start + PIECE_LENGTH) };
  });
}

/** Puts pieces together, in the order of the channel or backwards. Pieces of different clients may alternate. */
export class Pieces {
  readonly #begun = new Map<number, { id: number; first: number; parts: Map<number, string> }>();

  /** The number of the first message whose other pieces have not come yet. */
  get unfinished(): number {
    return Math.min(...[...this.#begun.values()].map(({ first }) => first));
  }

  /** @returns the bytes, with the last of their pieces. */
  add({ client, id, index, count, base64 }: Piece, seq = 0): Uint8Array | undefined {
    const begun = this.#begun.get(client);
    // A client cuts one thing at a time, so it has given up what it has not finished.
    const whole = begun?.id === id ? begun : { id, first: seq, parts: new Map<number, string>() };
    this.#begun.set(client, whole);
    whole.parts.set(index, base64);
    if (whole.parts.size < count) return undefined;
    this.#begun.delete(client);
    const inOrder = Array.from({ length: count }, (_, part) => whole.parts.get(part));
    return fromBase64(inOrder.join(''));
  }
}
