/** The handling of flags that all programs share: help, and one sentence about a mistake. */

/** `--help` may stand anywhere, also after a half-typed command. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

/** Node's advice about positional arguments, which these programs do not take. */
const ADVICE = /\. To specify .*$/s;

/** The first sentence of Node's error about a flag. `undefined` for other errors. */
export function flagMistake(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (!String(error.code).startsWith('ERR_PARSE_ARGS_')) return undefined;
  const [sentence = ''] = error.message.split('\n');
  return `${sentence.replace(ADVICE, '').replace(/\.$/, '')}.`;
}
