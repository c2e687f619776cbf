/** The HTTP API for servers: a route for each operation, and no request passes without credentials. */

import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type DomainName,
  HttpApi as GatewayApi,
  HttpMethod,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpIamAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { operationNames, operations } from 'fanfare-protocol/operations';
import type { Encryption } from '../security/encryption.ts';
import type { StageSettings } from '../settings/stage-settings.ts';
import { customDomain } from './custom-domain.ts';

/** Chosen fields only, as for the WebSocket API. */
const accessLogFields = {
  time: '$context.requestTimeEpoch',
  requestId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  error: '$context.error.message',
  authorizerError: '$context.authorizer.error',
  integrationStatus: '$context.integration.status',
  integrationError: '$context.integration.error',
  integrationLatency: '$context.integrationLatency',
  sourceIp: '$context.identity.sourceIp',
};

export interface HttpApiProps {
  readonly settings: StageSettings;
  readonly encryption: Encryption;
  /** Runs the operations. */
  readonly target: IFunction;
  /** Decides about tokens. */
  readonly authorizer: IFunction;
}

export class HttpApi extends Construct {
  /** `https://<api>.execute-api.<region>.<suffix>/<stage>` */
  readonly url: string;
  readonly id: string;
  readonly domainName: DomainName | undefined;

  constructor(scope: Construct, id: string, { settings, encryption, target, authorizer }: HttpApiProps) {
    super(scope, id);
    // The API is not for pages, so it has no CORS. Browsers then send no request of a page.
    const api = new GatewayApi(this, 'Api', {
      apiName: `fanfare-${settings.name}-http`,
      createDefaultStage: false,
    });
    const integration = new HttpLambdaIntegration('Integration', target);
    const authorization = authorizerFor(settings, authorizer);
    for (const name of operationNames) {
      const { method, path } = operations[name];
      api.addRoutes({ path, methods: [HttpMethod[method]], integration, authorizer: authorization });
    }
    this.domainName = customDomain(this, settings.apiDomain);
    const logGroup = new LogGroup(this, 'AccessLog', {
      ...encryption.key,
      retention: settings.logRetention,
      removalPolicy: settings.removal,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: settings.name,
      autoDeploy: true,
      throttle: settings.apiThrottle,
      ...(this.domainName && { domainMapping: { domainName: this.domainName } }),
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    this.id = api.apiId;
    this.url = settings.apiDomain ? `https://${settings.apiDomain.name}` : stage.url;
  }
}

function authorizerFor({ apiAuthorization }: StageSettings, target: IFunction): IHttpRouteAuthorizer {
  if (apiAuthorization === 'iam') return new HttpIamAuthorizer();
  return new HttpLambdaAuthorizer('Authorizer', target, {
    responseTypes: [HttpLambdaResponseType.SIMPLE],
    identitySource: ['$request.header.Authorization'],
    // A revoked token is refused at once.
    resultsCacheTtl: Duration.seconds(0),
  });
}
