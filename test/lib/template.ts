/** The stack's template for tests: synthesized without bundling the functions. */

import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { FanfareStack } from '../../lib/fanfare-stack.ts';
import { stages } from '../../lib/stage-settings.ts';

const code = () => Code.fromAsset(fileURLToPath(new URL('function', import.meta.url)));

export function templateOf(stage: keyof typeof stages): Template {
  const app = new App({ context: cdkJson.context, analyticsReporting: false });
  return Template.fromStack(new FanfareStack(app, 'Fanfare', { settings: stages[stage], code }));
}
