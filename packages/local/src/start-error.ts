/** A reason not to start, or a mistake in a request. The user sees one sentence without a stack trace. */

export class StartError extends Error {
  override readonly name = 'StartError';
  readonly isMistake = true;
}
