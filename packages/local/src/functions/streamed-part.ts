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

export interface StreamReader {
  /** Takes a chunk, and settles when there is room for the next one; never rejects. */
  (part: StreamedPart): Promise<void>;
  /** Aborted when nobody reads any more. */
  readonly left?: AbortSignal;
}

/** A reader that also knows how much it has passed on. */
export class CountedStream {
  bytes = 0;
  private readonly reader: StreamReader;

  constructor(reader: StreamReader) {
    this.reader = reader;
  }

  get read(): StreamReader {
    const count = (part: StreamedPart) => {
      this.bytes += part.bytes.byteLength;
      return this.reader(part);
    };
    const { left } = this.reader;
    return left ? Object.assign(count, { left }) : count;
  }
}
