/** The shapes of the CloudFormation resources that the runtime serves, and the types that have no effect on a laptop. */

import * as v from 'valibot';
import { eventBus, rule } from './event-bus-resources.ts';
import { eventSourceMapping, table } from './stream-resources.ts';

/** CloudFormation converts between numbers and texts. The values of parameters are always texts. */
const text = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));
const number = v.pipe(v.union([v.number(), v.pipe(v.string(), v.decimal())]), v.transform(Number));

const stringMap = v.record(v.string(), text);

/** Valibot's own message would contain the value, which may be a secret. */
const secretText = v.string('has to be a string');

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html */
export const DEFAULT_RETRY_ATTEMPTS = 2;
export const DEFAULT_EVENT_AGE_SECONDS = 6 * 60 * 60;

const destination = v.object({ Destination: v.string() });

/** HTTP APIs and function URLs have the same shape. */
const cors = v.object({
  AllowCredentials: v.optional(v.boolean(), false),
  AllowHeaders: v.optional(v.array(v.string()), []),
  AllowMethods: v.optional(v.array(v.string()), []),
  AllowOrigins: v.optional(v.array(v.string()), []),
  ExposeHeaders: v.optional(v.array(v.string()), []),
  MaxAge: v.optional(v.number()),
});

export type CorsConfiguration = v.InferOutput<typeof cors>;

const routeSettings = v.object({
  ThrottlingRateLimit: v.optional(number),
  ThrottlingBurstLimit: v.optional(number),
});

export type RouteSettings = v.InferOutput<typeof routeSettings>;

/** The served types, with the properties that the runtime reads. */
export const served = {
  'AWS::ApiGatewayV2::Api': v.object({
    ProtocolType: v.picklist(['WEBSOCKET', 'HTTP']),
    RouteSelectionExpression: v.optional(v.string()),
    CorsConfiguration: v.optional(cors),
  }),
  'AWS::ApiGatewayV2::Stage': v.object({
    ApiId: v.string(),
    StageName: v.string(),
    StageVariables: v.optional(stringMap),
    DefaultRouteSettings: v.optional(routeSettings),
    RouteSettings: v.optional(v.record(v.string(), routeSettings)),
  }),
  'AWS::ApiGatewayV2::Route': v.object({
    ApiId: v.string(),
    RouteKey: v.string(),
    Target: v.string(),
    AuthorizationType: v.optional(v.picklist(['NONE', 'CUSTOM', 'AWS_IAM']), 'NONE'),
    AuthorizerId: v.optional(v.string()),
    ApiKeyRequired: v.optional(v.literal(false, 'keys of APIs are not supported')),
  }),
  'AWS::ApiGatewayV2::Authorizer': v.object({
    ApiId: v.string(),
    AuthorizerType: v.literal('REQUEST'),
    AuthorizerUri: v.string(),
    IdentitySource: v.optional(v.array(v.string()), []),
    AuthorizerPayloadFormatVersion: v.optional(v.string()),
    EnableSimpleResponses: v.optional(v.boolean(), false),
  }),
  'AWS::ApiGatewayV2::RouteResponse': v.object({
    RouteId: v.string(),
    RouteResponseKey: v.literal('$default'),
  }),
  'AWS::ApiGatewayV2::Integration': v.object({
    ApiId: v.string(),
    IntegrationType: v.picklist(['AWS_PROXY', 'MOCK']),
    IntegrationUri: v.optional(v.string()),
    PayloadFormatVersion: v.optional(v.string()),
    RequestParameters: v.optional(stringMap),
    ResponseParameters: v.optional(v.unknown()),
    RequestTemplates: v.optional(stringMap),
    TemplateSelectionExpression: v.optional(v.string()),
    // The default depends on the protocol of the API.
    TimeoutInMillis: v.optional(number),
  }),
  'AWS::ApiGatewayV2::IntegrationResponse': v.object({
    IntegrationId: v.string(),
    IntegrationResponseKey: v.string(),
    ResponseTemplates: v.optional(stringMap),
    TemplateSelectionExpression: v.optional(v.string()),
  }),
  'AWS::Lambda::Function': v.object({
    FunctionName: v.optional(v.string()),
    Code: v.object({ S3Key: v.optional(v.string()), ZipFile: v.optional(v.string()) }),
    // Images have no handler.
    Handler: v.optional(v.string(), ''),
    Runtime: v.optional(v.string()),
    PackageType: v.optional(v.picklist(['Zip', 'Image']), 'Zip'),
    MemorySize: v.optional(number, 128),
    Architectures: v.optional(v.tuple([v.picklist(['arm64', 'x86_64'])]), ['x86_64']),
    Timeout: v.optional(number, 3),
    ReservedConcurrentExecutions: v.optional(number),
    Environment: v.optional(v.object({ Variables: v.optional(stringMap, {}) })),
    DeadLetterConfig: v.optional(v.never('dead-letter queues are not supported')),
    Layers: v.optional(v.never('layers are not supported')),
    FileSystemConfigs: v.optional(v.never('file systems are not supported')),
  }),
  'AWS::Lambda::Url': v.object({
    TargetFunctionArn: v.string(),
    AuthType: v.picklist(['NONE', 'AWS_IAM']),
    InvokeMode: v.optional(v.picklist(['BUFFERED', 'RESPONSE_STREAM']), 'BUFFERED'),
    Cors: v.optional(cors),
    Qualifier: v.optional(v.never('aliases are not supported')),
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
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::EventBus': eventBus,
  'AWS::Events::Rule': rule,
  'AWS::SecretsManager::Secret': v.object({
    Name: v.optional(v.string()),
    SecretString: v.optional(secretText),
    GenerateSecretString: v.optional(
      v.strictObject({
        PasswordLength: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096))),
        ExcludeCharacters: v.optional(v.string()),
        ExcludeLowercase: v.optional(v.boolean()),
        ExcludeNumbers: v.optional(v.boolean()),
        ExcludePunctuation: v.optional(v.boolean()),
        ExcludeUppercase: v.optional(v.boolean()),
        IncludeSpace: v.optional(v.boolean()),
        RequireEachIncludedType: v.optional(v.boolean()),
        SecretStringTemplate: v.optional(secretText),
        GenerateStringKey: v.optional(v.string()),
      }),
    ),
  }),
};

export type ServedType = keyof typeof served;
export type Properties<T extends ServedType> = v.InferOutput<(typeof served)[T]>;

export type Resource<T extends ServedType> = Properties<T> & {
  readonly logicalId: string;
  /** Whether the app's functions check the origin of pages themselves. @default false */
  readonly admitsAnyPage?: boolean;
};

type ResourceLists = { readonly [T in ServedType]: readonly Resource<T>[] };

/** The resources of a template by their type, with references resolved and shapes checked. */
export interface Resources extends ResourceLists {
  /** The names of the template's functions. */
  readonly functionNames: ReadonlySet<string>;
}

/** Types without an effect on a laptop: keys, logs, alarms and helpers of a deployment. */
export const withoutLocalEffect: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Account',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  // The runtime sends no events over HTTP. It notes each rule with such a target.
  'AWS::Events::ApiDestination',
  'AWS::Events::Connection',
  'AWS::Events::EventBusPolicy',
  // The permissions are read in `permissions/`.
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::IAM::RolePolicy',
  // Data is not encrypted here. References get the id or the ARN.
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SecretsManager::RotationSchedule',
  'Custom::LogRetention',
]);
