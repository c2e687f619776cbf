/** What the programs for the command line have in common: flags in, one line out, mistakes in a sentence. */

/** A mistake of whoever typed the command; its message is all they need. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}

/** Runs a command and prints what it answers; everything else goes to the standard error, and the exit code says so. */
export async function runCommand(command: (args: readonly string[]) => Promise<string>): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  try {
    process.stdout.write(`${await command(process.argv.slice(2))}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
