/** The flags of `npm run -s preflight`. */

import { parseArgs } from 'node:util';
import type { StageSettings } from '../lib/settings/stage-settings.ts';
import { deployableStage } from './deployable-stage.ts';

export interface PreflightOptions {
  readonly settings: StageSettings;
  readonly format: 'text' | 'json';
}

export const PREFLIGHT_USAGE = `npm run -s preflight -- [options]
  Says what this AWS account and region would refuse of a deployment, or let it starve of. It only reads.
  --stage <name>    the stage that you are about to deploy (dev)
  --json            for programs
  --help            this text
The exit code is 1 when something is refused.`;

/** @throws CommandLineError that says what is wrong. */
export function parsePreflightOptions(args: readonly string[]): PreflightOptions {
  const { json = false, stage = 'dev' } = readFlags(args);
  return { settings: deployableStage(stage), format: json ? 'json' : 'text' };
}

function readFlags(args: readonly string[]) {
  const options = {
    stage: { type: 'string' },
    json: { type: 'boolean' },
  } as const;
  return parseArgs({ args: [...args], options }).values;
}
