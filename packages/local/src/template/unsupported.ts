/** What becomes of a template that has more than the runtime serves: it is refused, unless its user wants to go on without. */

import { StartError } from '../start-error.ts';

/** Told in a sentence, which names resources by their logical ids; what it is told of is left out, unless it throws. */
export type OnUnsupported = (sentence: string) => void;

/** @throws StartError, always. */
export const refuse: OnUnsupported = (sentence) => {
  throw new StartError(sentence);
};
