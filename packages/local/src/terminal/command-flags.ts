/** What every program here does with its flags: help when it is asked for, and one sentence for what cannot be understood. */

/** Anywhere: a person who asks for help may have typed half of a command before. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

/** Its advice about positional arguments, which no program here takes. */
const ADVICE = /\. To specify .*$/s;

/** What Node.js says about a flag, in its first sentence; `undefined` for an error that is not about flags. */
export function flagMistake(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (!String(error.code).startsWith('ERR_PARSE_ARGS_')) return undefined;
  const [sentence = ''] = error.message.split('\n');
  return `${sentence.replace(ADVICE, '').replace(/\.$/, '')}.`;
}
