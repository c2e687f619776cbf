/** The refusal of a verified token by a rule of the application. */

import type { ErrorCode } from 'fanfare-protocol/errors';

/** Its message is the sentence of the rule's author, which the client may see. */
export class NotAdmitted extends Error {
  override readonly name = 'NotAdmitted';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, sentence: string) {
    super(sentence);
    this.code = code;
  }
}
