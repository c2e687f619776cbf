/** A message that is to be written to the log, before it has a number. */

import type { Draft } from 'fanfare-protocol/actions';

export interface LogDraft extends Draft {
  /** The number of the message that it replaces. Such a draft is published alone. */
  readonly replaces?: number;
}
