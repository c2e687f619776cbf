/** The WebSocket API and its stage; routes to functions are added once the functions exist. */

import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat, CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Trigger } from '../lambdas/manifest.ts';
import { addPingRoute } from './ping-route.ts';
import type { StageSettings } from './stage-settings.ts';

/** Chosen fields only: no header, no query string and no body, because tokens travel in those. */
const accessLogFields = {
  time: '$context.requestTimeEpoch',
  requestId: '$context.requestId',
  connectionId: '$context.connectionId',
  event: '$context.eventType',
  route: '$context.routeKey',
  status: '$context.status',
  error: '$context.error.message',
  integrationStatus: '$context.integration.status',
  integrationError: '$context.integration.error',
  integrationLatency: '$context.integrationLatency',
  sourceIp: '$context.identity.sourceIp',
};

export class Gateway extends Construct {
  readonly stage: WebSocketStage;
  private readonly api: WebSocketApi;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.api = new WebSocketApi(this, 'Api', {
      apiName: `fanfare-${settings.name}`,
      routeSelectionExpression: '$request.body.action',
    });
    addPingRoute(this.api);
    this.stage = this.addStage(settings);
  }

  /** Sends a route to a function, and its result back to the client where the manifest says so (PR-1). */
  addRoute({ key, replies }: Extract<Trigger, { kind: 'route' }>, target: IFunction): void {
    this.api.addRoute(key, {
      integration: new WebSocketLambdaIntegration('Integration', target),
      returnResponse: replies,
    });
  }

  private addStage(settings: StageSettings): WebSocketStage {
    const logGroup = new LogGroup(this, 'AccessLog', {
      retention: settings.logRetention,
      removalPolicy: settings.removal,
    });
    const stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: settings.name,
      // Off by default, and then nothing is ever deployed (CD-3).
      autoDeploy: true,
      throttle: settings.throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    if (settings.gatewayLogRole === 'create') stage.node.addDependency(this.accountLogRole());
    return stage;
  }

  /** One setting per account and region; kept when the stack goes, because other APIs may rely on it by then. */
  private accountLogRole(): CfnAccount {
    const policy = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';
    const role = new Role(this, 'LogRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(policy)],
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return account;
  }
}
