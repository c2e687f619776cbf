/** The flags of `npm run -s protect`. */

import { parseArgs } from 'node:util';
import type { StageSettings } from '../lib/settings/stage-settings.ts';
import { CommandLineError } from './command-line.ts';
import { deployableStage } from './deployable-stage.ts';

export interface ProtectOptions {
  readonly settings: StageSettings;
  /** Whether the tables shall be protected. */
  readonly protection: boolean;
}

export const PROTECT_USAGE = `npm run -s protect -- --stage <name> [--off]
  Turns deletion protection on for every table of a deployed stage. Run it once, after the first deployment.
  --stage <name>    the stage, such as prod
  --off             turns it off, before you delete the tables on purpose
  --help            this text
The exit code is 1 when a table could not be changed.`;

/** @throws CommandLineError that says what is wrong. */
export function parseProtectOptions(args: readonly string[]): ProtectOptions {
  const { off = false, stage } = readFlags(args);
  if (!stage) throw new CommandLineError(PROTECT_USAGE);
  return { settings: deployableStage(stage), protection: !off };
}

function readFlags(args: readonly string[]) {
  const options = {
    stage: { type: 'string' },
    off: { type: 'boolean' },
  } as const;
  return parseArgs({ args: [...args], options }).values;
}
