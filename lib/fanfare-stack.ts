/** The whole backend in one stack: tables, gateway, functions, routes, outputs. */

import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type FunctionName, functionNames, manifest } from '../lambdas/manifest.ts';
import { FanfareFunction } from './fanfare-function.ts';
import { Gateway } from './gateway.ts';
import type { StageSettings } from './stage-settings.ts';
import { Storage } from './storage.ts';

export interface FanfareStackProps extends StackProps {
  readonly settings: StageSettings;
  /** The bundle of a function, with `handler` exported from `index`. */
  readonly code: (name: FunctionName) => Code;
}

export class FanfareStack extends Stack {
  constructor(scope: Construct, id: string, { settings, code, ...props }: FanfareStackProps) {
    super(scope, id, { description: `Fanfare, stage ${settings.name}`, ...props });

    const { tables } = new Storage(this, 'Storage', settings);
    const gateway = new Gateway(this, 'Gateway', settings);
    const resources = { tables, stage: gateway.stage };

    for (const name of functionNames) {
      const props = { manifest: manifest[name], code: code(name), resources, settings };
      gateway.addRoute(manifest[name].route, new FanfareFunction(this, name, props).function);
    }

    new CfnOutput(this, 'WebSocketUrl', { description: 'Clients connect here', value: gateway.stage.url });
    new CfnOutput(this, 'ManagementUrl', {
      description: 'Endpoint of the @connections management API',
      value: gateway.stage.callbackUrl,
    });
  }
}
