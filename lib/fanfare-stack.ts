/** The whole backend in one stack: tables, gateway, functions, routes, outputs. */

import { ArnFormat, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Code, IDestination, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type FunctionManifest, type FunctionName, functionNames, manifest } from '../lambdas/manifest.ts';
import type { DeliveryWorker } from './bindings.ts';
import { Encryption } from './encryption.ts';
import { FanfareFunction } from './fanfare-function.ts';
import { Gateway } from './gateway.ts';
import { OriginKey } from './origin-key.ts';
import type { StageSettings } from './stage-settings.ts';
import { Storage } from './storage.ts';
import { TokenSecret } from './token-secret.ts';

export interface FanfareStackProps extends StackProps {
  readonly settings: StageSettings;
  /** The bundle of a function, with `handler` exported from `index`. */
  readonly code: (name: FunctionName) => Code;
}

/** The worker starts itself, and people call `revoke` from the command line. */
const calledByName: ReadonlySet<FunctionName> = new Set(['deliver', 'revoke']);

export class FanfareStack extends Stack {
  readonly stage: WebSocketStage;

  constructor(scope: Construct, id: string, { settings, code, ...props }: FanfareStackProps) {
    const { edge } = settings;
    const env = edge !== 'none' && { env: { region: edge.backendRegion } };
    super(scope, id, { description: `Fanfare, stage ${settings.name}`, ...env, ...props });

    const encryption = new Encryption(this, 'Encryption', settings);
    const { tables } = new Storage(this, 'Storage', settings, encryption);
    const gateway = new Gateway(this, 'Gateway', settings, encryption);
    const { secret: tokenSecret } = new TokenSecret(this, 'Tokens', settings, encryption);
    const originKey = edge !== 'none' && { originKey: new OriginKey(this, 'OriginKey', edge).secret };
    const deliveryWorker = this.deliveryWorker();
    const resources = {
      tables,
      stage: gateway.stage,
      deliveryWorker,
      tokenSecret,
      ...originKey,
      encryption,
      settings,
    };

    const functions = new Map<FunctionName, LambdaFunction>();
    for (const name of functionNames) {
      const functionName = calledByName.has(name) ? { functionName: this.nameOf(name) } : {};
      const props = { manifest: manifest[name], code: code(name), resources, settings, ...functionName };
      functions.set(name, new FanfareFunction(this, name, props).function);
    }
    for (const [name, target] of functions) {
      const { trigger }: FunctionManifest = manifest[name];
      if (trigger.kind === 'authorizer') gateway.authorizeBy(target);
    }
    for (const [name, target] of functions) {
      const { trigger }: FunctionManifest = manifest[name];
      if (trigger.kind === 'route') gateway.addRoute(trigger, target);
      if (trigger.kind === 'asynchronous')
        repeatOnFailure(target, trigger.onFailure && functions.get(trigger.onFailure));
    }

    this.stage = gateway.stage;
    new CfnOutput(this, 'WebSocketUrl', {
      description: edge === 'none' ? 'Clients connect here' : 'Clients connect to the edge in front of it',
      value: gateway.stage.url,
    });
    new CfnOutput(this, 'ManagementUrl', {
      description: 'Endpoint of the @connections management API',
      value: gateway.stage.callbackUrl,
    });
  }

  private nameOf(name: FunctionName): string {
    return `${this.stackName}-${name}`;
  }

  private deliveryWorker(): DeliveryWorker {
    const name = this.nameOf('deliver');
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
    ...(onFailure && { onFailure: destination(onFailure) }),
  });
}

/** `LambdaDestination` would let it invoke every version of the function, too. */
function destination({ functionArn }: LambdaFunction): IDestination {
  return {
    bind(_scope, source) {
      Grant.addToPrincipal({
        grantee: source,
        actions: ['lambda:InvokeFunction'],
        resourceArns: [functionArn],
      });
      return { destination: functionArn };
    },
  };
}
