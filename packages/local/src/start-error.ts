/** A reason not to start, or a mistake in what was asked, said to the user in one sentence and without a stack. */

export class StartError extends Error {
  override readonly name = 'StartError';
  readonly isMistake = true;
}
