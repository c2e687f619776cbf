/** What goes from an execution environment to whoever reads a streamed response, chunk by chunk. */

export interface StreamedPart {
  /** With the first chunk only. */
  readonly head?: StreamedHead;
  readonly bytes: Uint8Array;
}

export interface StreamedHead {
  readonly contentType: string;
  /** What the handler gave to `HttpResponseStream.from`, if it did: unchecked. */
  readonly metadata: unknown;
}

/** Takes a chunk, and settles when there is room for the next one; never rejects. */
export type StreamReader = (part: StreamedPart) => Promise<void>;
