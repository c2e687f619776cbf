/** The whole backend in one stack: tables, gateway, functions, routes, outputs. */

import { ArnFormat, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type FunctionManifest, type FunctionName, manifest } from '../lambdas/manifest.ts';
import type { Worker } from './bindings.ts';
import { deployedFunctions } from './deployed-functions.ts';
import { Encryption } from './encryption.ts';
import { FanfareFunction } from './fanfare-function.ts';
import { Gateway } from './gateway.ts';
import { HttpApi } from './http-api.ts';
import { OriginKey } from './origin-key.ts';
import type { StageSettings } from './stage-settings.ts';
import { Storage } from './storage.ts';
import { TokenSecret } from './token-secret.ts';
import { wire } from './triggers.ts';

export interface FanfareStackProps extends StackProps {
  readonly settings: StageSettings;
  /** The bundle of a function, with `handler` exported from `index`. */
  readonly code: (name: FunctionName) => Code;
}

/** Workers are started by many, one by itself, people call `revoke` from the command line, rules of other stacks `publish-event`, and locally `fallback` is found by its name. */
const calledByName: ReadonlySet<FunctionName> = new Set([
  'deliver',
  'farewell',
  'revoke',
  'fallback',
  'publish-event',
]);

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
    const resources = {
      tables,
      stage: gateway.stage,
      deliveryWorker: this.worker('deliver'),
      farewellWorker: this.worker('farewell'),
      tokenSecret,
      ...originKey,
      encryption,
      settings,
    };

    const functions = new Map<FunctionName, LambdaFunction>();
    for (const name of deployedFunctions(settings)) {
      const functionName = calledByName.has(name) ? { functionName: this.nameOf(name) } : {};
      const props = { manifest: manifest[name], code: code(name), resources, settings, ...functionName };
      functions.set(name, new FanfareFunction(this, name, props).function);
    }
    const api = new HttpApi(this, 'HttpApi', {
      settings,
      encryption,
      target: functionIn(functions, 'api'),
      authorizer: functionIn(functions, 'authorize-api'),
    });
    // In the order of the manifest: the authorizer comes before the route that it is for.
    for (const [name, target] of functions) {
      const { trigger }: FunctionManifest = manifest[name];
      wire(trigger.kind, trigger, target, { scope: this, gateway, functions, tables, encryption });
    }

    this.stage = gateway.stage;
    new CfnOutput(this, 'WebSocketUrl', {
      description: edge === 'none' ? 'Clients connect here' : 'Clients connect to the edge in front of it',
      value: gateway.stage.url,
    });
    new CfnOutput(this, 'ApiUrl', { description: 'HTTP API for servers', value: api.url });
    new CfnOutput(this, 'ManagementUrl', {
      description: 'Endpoint of the @connections management API',
      value: gateway.stage.callbackUrl,
    });
  }

  private nameOf(name: FunctionName): string {
    return `${this.stackName}-${name}`;
  }

  private worker(of: FunctionName): Worker {
    const name = this.nameOf(of);
    const arn = this.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return { name, arn };
  }
}

function functionIn(
  functions: ReadonlyMap<FunctionName, LambdaFunction>,
  name: FunctionName,
): LambdaFunction {
  const found = functions.get(name);
  if (!found) throw new Error(`The manifest has no function ${name}`);
  return found;
}
