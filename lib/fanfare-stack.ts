/** The whole backend in one stack: tables, gateway, functions, routes, outputs. */

import { ArnFormat, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LambdaDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Construct } from 'constructs';
import { type FunctionManifest, type FunctionName, functionNames, manifest } from '../lambdas/manifest.ts';
import type { DeliveryWorker } from './bindings.ts';
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
    const { postsPerSecond } = settings;
    const deliveryWorker = this.deliveryWorker();
    const resources = { tables, stage: gateway.stage, deliveryWorker, postsPerSecond };

    const functions = new Map<FunctionName, LambdaFunction>();
    for (const name of functionNames) {
      const functionName = name === 'deliver' ? { functionName: deliveryWorker.name } : {};
      const props = { manifest: manifest[name], code: code(name), resources, settings, ...functionName };
      functions.set(name, new FanfareFunction(this, name, props).function);
    }
    for (const [name, target] of functions) {
      const { trigger }: FunctionManifest = manifest[name];
      if (trigger.kind === 'route') gateway.addRoute(trigger, target);
      else repeatOnFailure(target, trigger.onFailure && functions.get(trigger.onFailure));
    }

    new CfnOutput(this, 'WebSocketUrl', { description: 'Clients connect here', value: gateway.stage.url });
    new CfnOutput(this, 'ManagementUrl', {
      description: 'Endpoint of the @connections management API',
      value: gateway.stage.callbackUrl,
    });
  }
  private deliveryWorker(): DeliveryWorker {
    const name = `${this.stackName}-deliver`;
    const arn = this.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return { name, arn };
  }
}

/** What could not be delivered for this long has been resumed by then, or its client is gone. */
const LONGEST_QUEUED = Duration.minutes(15);

function repeatOnFailure(target: LambdaFunction, onFailure: LambdaFunction | undefined): void {
  target.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: LONGEST_QUEUED,
    ...(onFailure && { onFailure: new LambdaDestination(onFailure) }),
  });
}
