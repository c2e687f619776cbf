/** The WebSocket API and its stage; routes to functions are added once the functions exist. */

import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccessLogFormat, CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import {
  type DomainName,
  LogGroupLogDestination,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Trigger } from '../../lambdas/manifest/manifest.ts';
import { acceptFinding } from '../security/accepted-findings.ts';
import type { Encryption } from '../security/encryption.ts';
import type { StageSettings } from '../settings/stage-settings.ts';
import { customDomain } from './custom-domain.ts';
import { addPingRoute } from './ping-route.ts';
import { throttleRoutes } from './route-throttles.ts';

/**
 * Chosen fields only: no header, no query string and no body, because tokens travel in those. Pings are in the log, too: a stage has one
 * access log for all of its routes, and no route can be left out.
 */
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

/** Authorization exists on `$connect` only, which every connection passes (AU-1). */
const withoutAuthorizer = {
  $disconnect:
    'API Gateway calls it when an authorized connection is gone; a client that could (RT-9) would only forget itself.',
  $default:
    'Only authorized connections can send; permissions and expiry are checked by each action that is run.',
};

export class Gateway extends Construct {
  readonly stage: WebSocketStage;
  /** Clients connect to it. */
  readonly url: string;
  readonly domainName: DomainName | undefined;
  /** A line for each handshake and each message. */
  readonly accessLog: LogGroup;
  private readonly api: WebSocketApi;
  private authorizer: WebSocketLambdaAuthorizer | undefined;

  constructor(scope: Construct, id: string, settings: StageSettings, encryption: Encryption) {
    super(scope, id);
    // It listens on TLS 1.2 and 1.3 alone, by a policy that cannot be changed (EP-5).
    this.api = new WebSocketApi(this, 'Api', {
      // A name for people. API Gateway identifies APIs by their ids, so two may have the same name.
      apiName: `fanfare-${settings.name}`,
      routeSelectionExpression: '$request.body.action',
    });
    const ping = addPingRoute(this.api);
    this.domainName = customDomain(this, settings.domain);
    this.accessLog = new LogGroup(this, 'AccessLog', {
      ...encryption.key,
      retention: settings.logRetention,
      removalPolicy: settings.removal,
    });
    this.stage = this.addStage(settings);
    this.url = settings.domain ? `wss://${settings.domain.name}` : this.stage.url;
    this.stage.node.addDependency(ping);
  }

  /** The function decides about every handshake, because a token may come in three places, or be absent. */
  authorizeBy(target: IFunction): void {
    // With an identity source, API Gateway would refuse a handshake without it, and not ask the function (AU-3).
    this.authorizer = new WebSocketLambdaAuthorizer('Authorizer', target, { identitySource: [] });
  }

  /** Sends a route to a function, and the result back to the client if the manifest says so (PR-1). */
  addRoute({ key, replies }: Extract<Trigger, { kind: 'route' }>, target: IFunction): void {
    const route = this.api.addRoute(key, {
      integration: new WebSocketLambdaIntegration('Integration', target),
      returnResponse: replies,
      // API Gateway takes an authorizer for this route only (AU-1, CD-2).
      ...(key === '$connect' && { authorizer: this.requiredAuthorizer() }),
    });
    if (key !== '$connect') acceptFinding(route, 'APIG4', withoutAuthorizer[key]);
    // The stage names its throttled routes, and is deployed with all of them (CD-9).
    this.stage.node.addDependency(route);
  }

  private requiredAuthorizer(): WebSocketLambdaAuthorizer {
    if (!this.authorizer) throw new Error('Without an authorizer, $connect would let everybody in');
    return this.authorizer;
  }

  private addStage(settings: StageSettings): WebSocketStage {
    const stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: settings.name,
      // It is off by default. Then no change would ever reach the stage (CD-3).
      autoDeploy: true,
      throttle: settings.throttle,
      ...(this.domainName && { domainMapping: { domainName: this.domainName } }),
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLog),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    throttleRoutes(stage, settings.routeThrottles);
    if (settings.gatewayLogRole === 'create') stage.node.addDependency(this.accountSetting());
    return stage;
  }

  /** A stack makes it once, also if it has several gateways. */
  private accountSetting(): CfnAccount {
    const made = Stack.of(this)
      .node.findAll()
      .find((node) => node instanceof CfnAccount);
    return made ?? this.accountLogRole();
  }

  /**
   * One setting of the account and region, for all of its APIs. Both resources stay when the stack goes, and also when its
   * creation fails (`RETAIN`, unlike everything else here): a deleted role would stay in the setting, and no API of the account
   * could write logs any more. Neither has a fixed name, so neither stops a second creation, which makes another role. An unused
   * role costs nothing.
   */
  private accountLogRole(): CfnAccount {
    const policy = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';
    const role = new Role(this, 'LogRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(policy)],
    });
    acceptFinding(
      role,
      `IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`,
      'API Gateway checks the role for exactly what this policy grants, and writes the logs of every API of the account with it.',
    );
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return account;
  }
}
