/** The CloudFormation resources that the runtime serves, as the shapes it reads, and those that it can do without. */

import * as v from 'valibot';
import { DEFAULT_EVENT_AGE_SECONDS, DEFAULT_RETRY_ATTEMPTS } from './event-invoke-config.ts';

const stringMap = v.record(v.string(), v.string());

const destination = v.object({ Destination: v.string() });

/** Serves these: type to the properties that are read. */
export const served = {
  'AWS::ApiGatewayV2::Api': v.object({
    ProtocolType: v.literal('WEBSOCKET'),
    RouteSelectionExpression: v.string(),
  }),
  'AWS::ApiGatewayV2::Stage': v.object({ ApiId: v.string(), StageName: v.string() }),
  'AWS::ApiGatewayV2::Route': v.object({
    ApiId: v.string(),
    RouteKey: v.string(),
    Target: v.string(),
    AuthorizationType: v.optional(v.literal('NONE')),
  }),
  'AWS::ApiGatewayV2::RouteResponse': v.object({
    RouteId: v.string(),
    RouteResponseKey: v.literal('$default'),
  }),
  'AWS::ApiGatewayV2::Integration': v.object({
    ApiId: v.string(),
    IntegrationType: v.picklist(['AWS_PROXY', 'MOCK']),
    IntegrationUri: v.optional(v.string()),
    RequestTemplates: v.optional(stringMap),
    TemplateSelectionExpression: v.optional(v.string()),
    TimeoutInMillis: v.optional(v.number(), 29_000),
  }),
  'AWS::ApiGatewayV2::IntegrationResponse': v.object({
    IntegrationId: v.string(),
    IntegrationResponseKey: v.string(),
    ResponseTemplates: v.optional(stringMap),
    TemplateSelectionExpression: v.optional(v.string()),
  }),
  'AWS::Lambda::Function': v.object({
    FunctionName: v.optional(v.string()),
    Code: v.object({ S3Key: v.string() }),
    Handler: v.string(),
    MemorySize: v.optional(v.number(), 128),
    Timeout: v.optional(v.number(), 3),
    Environment: v.optional(v.object({ Variables: stringMap })),
    DeadLetterConfig: v.optional(v.never('dead-letter queues are not supported')),
  }),
  'AWS::Lambda::EventInvokeConfig': v.object({
    FunctionName: v.string(),
    Qualifier: v.literal('$LATEST'),
    MaximumRetryAttempts: v.optional(v.picklist([0, 1, 2]), DEFAULT_RETRY_ATTEMPTS),
    MaximumEventAgeInSeconds: v.optional(v.number(), DEFAULT_EVENT_AGE_SECONDS),
    DestinationConfig: v.optional(
      v.object({ OnSuccess: v.optional(destination), OnFailure: v.optional(destination) }),
      {},
    ),
  }),
  'AWS::DynamoDB::GlobalTable': v.object({
    KeySchema: v.array(v.object({ AttributeName: v.string(), KeyType: v.picklist(['HASH', 'RANGE']) })),
    AttributeDefinitions: v.array(
      v.object({ AttributeName: v.string(), AttributeType: v.picklist(['S', 'N', 'B']) }),
    ),
    GlobalSecondaryIndexes: v.optional(v.never('indexes are not supported')),
    StreamSpecification: v.optional(v.never('streams are not supported')),
  }),
};

export type ServedType = keyof typeof served;
export type Properties<T extends ServedType> = v.InferOutput<(typeof served)[T]>;

/** Changes nothing that a laptop could show: permissions, logs, and what exists only to be deployed. */
export const withoutLocalEffect: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Account',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::CDK::Metadata',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
]);
