/** The chunks of a streamed response, from an execution environment to its reader. */

export interface StreamedPart {
  /** Only the first chunk has them. */
  readonly head?: StreamedHead;
  readonly bytes: Uint8Array;
}

export interface StreamedHead {
  readonly contentType: string;
  /** The unchecked metadata that the handler passed to `HttpResponseStream.from`. */
  readonly metadata: unknown;
}

export interface StreamReader {
  /** Takes a chunk. Settles when there is room for the next one, and never rejects. */
  (part: StreamedPart): Promise<void>;
  /** Aborted when the reader has left. */
  readonly left?: AbortSignal;
}

/** A reader that counts the bytes that it passes on. */
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
