/**
 * Prints errors on the terminal. An error that the person at the terminal can mend is printed as its sentence; every other error
 * with its stack.
 */

/**
 * An error whose message is all that the person at the terminal needs. It is recognised by this member and not by its class,
 * because the modules of some of these classes load the CDK.
 */
interface Mistake extends Error {
  readonly isMistake: true;
}

function isMistake(error: Error): error is Mistake {
  return 'isMistake' in error && error.isMistake === true;
}

/** `undefined` for an error that the person at the terminal cannot mend. */
export function sentenceOfMistake(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isMistake(error)) return error.message;
  return isSyntaxError(error) ? `This does not compile: ${error.message}` : undefined;
}

/** The text to show for a thrown value. */
export function described(error: unknown): string {
  return (
    sentenceOfMistake(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))
  );
}

/** The message of the compiler names file, line and column. */
function isSyntaxError(error: Error): boolean {
  return error.name === 'TransformError' || error.name === 'SyntaxError';
}
