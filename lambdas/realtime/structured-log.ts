/** The structured log of a function: a sentence and chosen fields. Never a frame, a token or a header. */

export interface Log {
  warn(message: string, fields: Readonly<Record<string, string | number>>): void;
  error(
    message: string,
    fields: Readonly<Record<string, string | number | Error>> & { readonly error: Error },
  ): void;
}

/** The functions that write to the log. */
export interface Logging {
  readonly log: Log;
}
