/** Builds one function of the manifest with its own role and log group. The role has only the grants that the manifest declares. */

import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionManifest } from '../../lambdas/manifest/manifest.ts';
import type { StageSettings } from '../settings/stage-settings.ts';
import { bind, type Resources } from './bindings.ts';

export interface FanfareFunctionProps {
  readonly manifest: FunctionManifest;
  readonly code: Code;
  readonly resources: Resources;
  readonly settings: StageSettings;
  /** Set only if other resources must know the name before the function exists. CloudFormation names the other functions. */
  readonly functionName: string | undefined;
}

export class FanfareFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: FanfareFunctionProps) {
    super(scope, id);
    const { manifest, code, resources, settings, functionName } = props;
    const logGroup = new LogGroup(this, 'Log', {
      ...resources.encryption.key,
      retention: settings.logRetention,
      removalPolicy: settings.removal,
    });
    // Instead of AWSLambdaBasicExecutionRole, which may write to every log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);

    this.function = new LambdaFunction(this, 'Function', {
      description: manifest.purpose,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code,
      role,
      logGroup,
      // Lambda writes three lines for each run otherwise, which cost more to keep than many runs. Runs that fail or end too late are warnings.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      memorySize: manifest.memoryMb,
      timeout: Duration.seconds(manifest.timeoutSeconds),
      ...(functionName !== undefined && { functionName }),
      ...reservation(manifest, settings),
      // In a lane each worker starts the next one. Lambda would take this chain of invocations for a loop and stop it after the 16th.
      ...(manifest.trigger.kind === 'asynchronous' && { recursiveLoop: RecursiveLoop.ALLOW }),
      environment: { ...bind(manifest.needs, role, resources), NODE_OPTIONS: '--enable-source-maps' },
    });
  }
}

function reservation({ trigger, bounded }: FunctionManifest, { fallback, workerConcurrency }: StageSettings) {
  if (bounded && workerConcurrency !== 'unreserved')
    return { reservedConcurrentExecutions: workerConcurrency[bounded] };
  if (trigger.kind !== 'url' || fallback === 'none' || fallback.concurrency === 'unreserved') return {};
  return { reservedConcurrentExecutions: fallback.concurrency };
}
