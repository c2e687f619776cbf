/** The structured log of a function: a sentence and chosen fields. Never a frame, a token or a header. */

import type { CountedField, LogLine } from './log-lines.ts';

type Fields<Value, Line extends LogLine> = Readonly<Record<string, Value>> & CountedField<Line>;

export interface Log {
  warn<Line extends LogLine>(message: Line, fields: Fields<string | number, Line>): void;
  error<Line extends LogLine>(
    message: Line,
    fields: Fields<string | number | Error, Line> & { readonly error: Error },
  ): void;
}

/** The functions that write to the log. */
export interface Logging {
  readonly log: Log;
}
