/** What the person at the terminal can mend is told in a sentence; anything else is shown whole, with its stack. */

import { SettingError } from '../../../../lib/settings/setting-error.ts';
import { StartError } from '../start-error.ts';

/** Told by their names: the modules of some of these errors load the CDK. */
const MISTAKES = new Set([StartError.name, SettingError.name, 'BundleError', 'CommandLineError']);

/** `undefined` for an error that is no mistake of the person at the terminal. */
export function sentenceOfMistake(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (MISTAKES.has(error.name)) return error.message;
  return isSyntaxError(error) ? `This does not compile: ${error.message}` : undefined;
}

/** How to tell of anything that was thrown. */
export function described(error: unknown): string {
  return (
    sentenceOfMistake(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))
  );
}

/** The compiler names file, line and column. */
function isSyntaxError(error: Error): boolean {
  return error.name === 'TransformError' || error.name === 'SyntaxError';
}
