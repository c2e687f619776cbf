/** The common part of the commands: flags in, one line out, mistakes in a sentence. */

import { asksForHelp, flagMistake } from 'fanfare-local/terminal';

/** A mistake of the person who typed the command. The command prints only its message. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
  /** The local runtime prints only its sentence, without a stack trace. */
  readonly isMistake = true;
}

/**
 * Runs a command and prints its answer. An error goes to the standard error, with exit code 1.
 *
 * @param command Gets the flags. It may read them by `parseArgs`, whose errors are printed with the usage.
 * @param usage What `--help` prints.
 * @example
 * await runCommand(async (args) => smoke(parseSmokeOptions(args)), SMOKE_USAGE);
 */
export async function runCommand(
  command: (args: readonly string[]) => Promise<string>,
  usage?: string,
): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const args = process.argv.slice(2);
  try {
    process.stdout.write(`${usage !== undefined && asksForHelp(args) ? usage : await command(args)}\n`);
  } catch (error) {
    process.stderr.write(`${toldTo(error, usage)}\n`);
    process.exitCode = 1;
  }
}

function toldTo(error: unknown, usage: string | undefined): string {
  const mistake = flagMistake(error);
  if (mistake !== undefined) return usage === undefined ? mistake : `${mistake}\n\n${usage}`;
  return error instanceof Error ? error.message : String(error);
}
