/**
 * Describes a thrown value in the words of Lambda's own runtime. The value need not be an error.
 *
 * Plain JavaScript, because execution environments load it, too.
 */

/**
 * @param {unknown} thrown
 * @returns {{ errorType: string, message: string, trace: string[] }}
 */
export function describeThrown(thrown) {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, message: String(thrown), trace: [] };
  const { name, message, stack } = thrown;
  return { errorType: name, message, trace: stack?.split('\n') ?? [] };
}
