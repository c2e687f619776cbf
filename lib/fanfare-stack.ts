/** The stack of this repository's own app: one Fanfare, and nothing else. */

import { fileURLToPath } from 'node:url';
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import { isLocalStage } from '../lambdas/realtime/access/stage-info.ts';
import { Fanfare } from './fanfare.ts';
import type { FanfareProps } from './fanfare-props.ts';
import { LOCAL_CONTEXT } from './settings/local-synthesis.ts';
import type { StageSettings } from './settings/stage-settings.ts';

const CONFIG = fileURLToPath(new URL('../fanfare.config.ts', import.meta.url));

export interface FanfareStackProps extends StackProps, Partial<Pick<FanfareProps, 'config' | 'code'>> {
  readonly settings: StageSettings;
}

export class FanfareStack extends Stack {
  readonly fanfare: Fanfare;
  readonly stage: WebSocketStage;

  constructor(
    scope: Construct,
    id: string,
    { settings, config = CONFIG, code, ...props }: FanfareStackProps,
  ) {
    const { edge, domain: _, apiDomain: __, ...others } = settings;
    const env = edge !== 'none' && { env: { region: edge.backendRegion } };
    super(scope, id, { description: `Fanfare, stage ${settings.name}`, ...env, ...props });
    if (isLocalStage(settings.name)) this.node.setContext(LOCAL_CONTEXT, true);
    // The CDK leaves `Default` out of logical ids, so that all resources keep those which they had before there was a construct.
    this.fanfare = new Fanfare(this, 'Default', { config, edge, ...others, ...(code && { code }) });
    this.stage = this.fanfare.stage;
  }
}
