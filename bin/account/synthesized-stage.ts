/** The templates of a stage as `cdk deploy` sends them, but without building the functions. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import cdkJson from '../../cdk.json' with { type: 'json' };
import type { StageSettings } from '../../lib/settings/stage-settings.ts';
import { addStacks } from '../../lib/stacks.ts';

interface SynthesizedStack {
  readonly name: string;
  readonly template: unknown;
  /** The least version of the bootstrap stack that the deployment works with; 0 when any will do. */
  readonly bootstrapVersion: number;
}

export interface SynthesizedStage {
  readonly backend: SynthesizedStack;
  readonly edge?: SynthesizedStack;
}

/** No check depends on the code, and building it takes seconds. */
const code = () => Code.fromInline('exports.handler = async () => {};');

/** @throws Error when the configuration is wrong, as `cdk deploy` does. */
export function synthesizedStage(settings: StageSettings): SynthesizedStage {
  const outdir = mkdtempSync(path.join(tmpdir(), 'fanfare-preflight-'));
  try {
    const app = new App({ outdir, context: cdkJson.context, analyticsReporting: false, treeMetadata: false });
    const { backend, edge } = addStacks(app, { settings, code });
    const assembly = app.synth();
    return {
      backend: synthesizedStack(assembly.getStackArtifact(backend.artifactId)),
      ...(edge && { edge: synthesizedStack(assembly.getStackArtifact(edge.artifactId)) }),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function synthesizedStack(stack: CloudFormationStackArtifact): SynthesizedStack {
  const { stackName, template, requiresBootstrapStackVersion = 0 } = stack;
  return { name: stackName, template, bootstrapVersion: requiresBootstrapStackVersion };
}
