/** A mistake in the source of a function or of the configuration, in one sentence that names file and line. */

import type { BuildFailure, Message } from 'esbuild';

export class BundleError extends Error {
  override readonly name = 'BundleError';
  /** The local runtime prints only its sentence, without a stack trace. */
  readonly isMistake = true;
}

/** The error to throw for what a build has thrown. */
export function buildMistake(failure: unknown): unknown {
  return isBuildFailure(failure) ? new BundleError(sentence(failure.errors)) : failure;
}

function isBuildFailure(failure: unknown): failure is BuildFailure {
  return failure instanceof Error && 'errors' in failure;
}

function sentence([first]: readonly Message[]): string {
  if (!first) return 'A function does not build.';
  const { location, text } = first;
  return location ? `${location.file}:${location.line}:${location.column + 1} does not build: ${text}` : text;
}
