/** The whole backend in one stack: tables, gateway, functions, routes, outputs. */

import { ArnFormat, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type FunctionManifest, type FunctionName, manifest } from '../lambdas/manifest/manifest.ts';
import type { Resources, Worker } from './functions/bindings.ts';
import { FanfareFunction } from './functions/fanfare-function.ts';
import { functionNameOf } from './functions/function-names.ts';
import { GivenUpChanges } from './functions/given-up-changes.ts';
import { type Sources, wire } from './functions/triggers.ts';
import { Gateway } from './gateway/gateway.ts';
import { HttpApi } from './gateway/http-api.ts';
import { Encryption } from './security/encryption.ts';
import { OriginKey } from './security/origin-key.ts';
import { TokenSecret } from './security/token-secret.ts';
import { deployedFunctions } from './settings/deployed-functions.ts';
import type { StageSettings } from './settings/stage-settings.ts';
import { Storage } from './storage.ts';

export interface FanfareStackProps extends StackProps {
  readonly settings: StageSettings;
  /** The bundle of a function, with `handler` exported from `index`. */
  readonly code: (name: FunctionName) => Code;
}

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
    const functions = this.addFunctions(code, {
      tables,
      stage: gateway.stage,
      deliveryWorker: this.worker('deliver', settings),
      farewellWorker: this.worker('farewell', settings),
      tokenSecret,
      ...originKey,
      encryption,
      settings,
    });
    const api = new HttpApi(this, 'HttpApi', {
      settings,
      encryption,
      target: functionIn(functions, 'api'),
      authorizer: functionIn(functions, 'authorize-api'),
    });
    const givenUp = new GivenUpChanges(this, 'GivenUp');
    wireAll({ scope: this, gateway, functions, tables, encryption, settings, givenUp: givenUp.destination });

    this.stage = gateway.stage;
    this.tell({
      WebSocketUrl: [whereClientsConnect(settings), gateway.stage.url],
      ApiUrl: ['HTTP API for servers', api.url],
      ManagementUrl: ['Endpoint of the @connections management API', gateway.stage.callbackUrl],
      TokenSecret: ['Signs tokens: npm run token reads it', tokenSecret.secretArn],
      GivenUpChanges: ['Queue of the changes that no function could read', givenUp.queueUrl],
      RevokeFunction: ['npm run revoke invokes it', functionIn(functions, 'revoke').functionName],
    });
  }

  private addFunctions(code: FanfareStackProps['code'], resources: Resources) {
    const { settings } = resources;
    const functions = new Map<FunctionName, LambdaFunction>();
    for (const name of deployedFunctions(settings)) {
      const functionName = functionNameOf(name, this.stackName, settings);
      const props = { manifest: manifest[name], code: code(name), resources, settings, functionName };
      functions.set(name, new FanfareFunction(this, name, props).function);
    }
    return functions;
  }

  private tell(outputs: Readonly<Record<string, readonly [description: string, value: string]>>): void {
    for (const [name, [description, value]] of Object.entries(outputs))
      new CfnOutput(this, name, { description, value });
  }

  private worker(of: FunctionName, settings: StageSettings): Worker {
    const name = functionNameOf(of, this.stackName, settings);
    if (name === undefined) throw new Error(`The worker ${of} has no fixed name`);
    const arn = this.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return { name, arn };
  }
}

/** In the order of the manifest: the authorizer comes before the route that it is for. */
function wireAll(sources: Omit<Sources, 'name'>): void {
  for (const [name, target] of sources.functions) {
    const { trigger }: FunctionManifest = manifest[name];
    wire(trigger.kind, trigger, target, { ...sources, name });
  }
}

function whereClientsConnect({ edge }: StageSettings): string {
  return edge === 'none' ? 'Clients connect here' : 'Clients connect to the edge in front of it';
}

function functionIn(
  functions: ReadonlyMap<FunctionName, LambdaFunction>,
  name: FunctionName,
): LambdaFunction {
  const found = functions.get(name);
  if (!found) throw new Error(`The manifest has no function ${name}`);
  return found;
}
