/** Refuses templates with unsupported parts, unless the user wants to start without these parts. */

import { StartError } from '../start-error.ts';

/** Gets a sentence about an unsupported part. If it does not throw, the part is left out. */
export type OnUnsupported = (sentence: string) => void;

/** @throws StartError, always. */
export const refuse: OnUnsupported = (sentence) => {
  throw new StartError(sentence);
};
