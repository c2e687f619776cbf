/** The templates of a stage as `cdk deploy` sends them, but without building the functions. */

import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { addStacks } from '../../lib/stacks.ts';
import type { StageSettings } from '../../lib/stage-settings.ts';

export interface SynthesizedStack {
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
  const app = new App({ context: cdkJson.context, analyticsReporting: false, treeMetadata: false });
  const { backend, edge } = addStacks(app, { settings, code });
  const assembly = app.synth();
  const stackOf = ({ artifactId }: { readonly artifactId: string }): SynthesizedStack => {
    const { stackName, template, requiresBootstrapStackVersion = 0 } = assembly.getStackArtifact(artifactId);
    return { name: stackName, template, bootstrapVersion: requiresBootstrapStackVersion };
  };
  return { backend: stackOf(backend), ...(edge && { edge: stackOf(edge) }) };
}
