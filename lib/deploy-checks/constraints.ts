/**
 * Patterns, lengths and ranges of properties, for the types that Fanfare deploys, because the database of schemas has none. Each
 * comes from the page of the type in the CloudFormation template reference.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 */

export interface Constraint {
  readonly pattern?: RegExp;
  readonly oneOf?: readonly (string | number)[];
  /** Characters of a text, elements of a list, or the number itself. */
  readonly from?: number;
  readonly to?: number;
  /** A number outside the range that has a meaning of its own, such as -1 for "without limit". */
  readonly or?: number;
}

/** By the path below `Properties`; `*` is every element of a list, or every value of a map. */
export type Constraints = Readonly<Record<string, Constraint>>;

const NAME_OF_TABLE: Constraint = { pattern: /^[a-zA-Z0-9_.-]+$/, from: 3, to: 255 };
const ATTRIBUTE_TYPE: Constraint = { oneOf: ['S', 'N', 'B'] };
const KEY_TYPE: Constraint = { oneOf: ['HASH', 'RANGE'] };
const STREAM_VIEW: Constraint = { oneOf: ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'] };
const BILLING_MODE: Constraint = { oneOf: ['PAY_PER_REQUEST', 'PROVISIONED'] };

const table: Constraints = {
  TableName: NAME_OF_TABLE,
  BillingMode: BILLING_MODE,
  'AttributeDefinitions.*.AttributeName': { from: 1, to: 255 },
  'AttributeDefinitions.*.AttributeType': ATTRIBUTE_TYPE,
  KeySchema: { from: 1, to: 2 },
  'KeySchema.*.KeyType': KEY_TYPE,
  'StreamSpecification.StreamViewType': STREAM_VIEW,
  'TimeToLiveSpecification.AttributeName': { from: 1, to: 255 },
};

const ROLE_OR_POLICY: Constraint = { pattern: /^[\w+=,.@-]+$/, from: 1, to: 128 };
const LAMBDA_NAME: Constraint = { pattern: /^[a-zA-Z0-9-_]+$/, from: 1, to: 64 };
const QUEUE_NAME: Constraint = { pattern: /^[a-zA-Z0-9_-]+(\.fifo)?$/, from: 1, to: 80 };
const METRIC_NAMESPACE: Constraint = { pattern: /^[^:].*$/, from: 1, to: 255 };
/** A limit of 0 refuses every handshake (TH-3). */
const RATE: Constraint = { from: 1 };
const DELIVERY_NAME: Constraint = { pattern: /^[\w-]+$/, from: 1, to: 60 };

export const constraints: Readonly<Record<string, Constraints>> = {
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::Lambda::Function': {
    FunctionName: LAMBDA_NAME,
    Description: { to: 256 },
    Handler: { pattern: /^\S+$/, to: 128 },
    MemorySize: { from: 128, to: 10_240 },
    Timeout: { from: 1, to: 900 },
    Architectures: { from: 1, to: 1 },
    'Architectures.*': { oneOf: ['arm64', 'x86_64'] },
    RecursiveLoop: { oneOf: ['Allow', 'Terminate'] },
    ReservedConcurrentExecutions: { from: 0 },
    'EphemeralStorage.Size': { from: 512, to: 10_240 },
    Layers: { to: 5 },
  },
  'AWS::Lambda::EventSourceMapping': {
    BatchSize: { from: 1, to: 10_000 },
    MaximumBatchingWindowInSeconds: { from: 0, to: 300 },
    MaximumRetryAttempts: { from: 0, to: 10_000, or: -1 },
    MaximumRecordAgeInSeconds: { from: 60, to: 604_800, or: -1 },
    ParallelizationFactor: { from: 1, to: 10 },
    TumblingWindowInSeconds: { from: 0, to: 900 },
    StartingPosition: { oneOf: ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'] },
    FunctionResponseTypes: { to: 1 },
    'FunctionResponseTypes.*': { oneOf: ['ReportBatchItemFailures'] },
    'ScalingConfig.MaximumConcurrency': { from: 2, to: 1000 },
  },
  'AWS::Lambda::EventInvokeConfig': {
    MaximumEventAgeInSeconds: { from: 60, to: 21_600 },
    MaximumRetryAttempts: { from: 0, to: 2 },
    Qualifier: { pattern: /^(\$LATEST|[a-zA-Z0-9$_-]{1,129})$/ },
  },
  'AWS::Lambda::Url': {
    AuthType: { oneOf: ['AWS_IAM', 'NONE'] },
    InvokeMode: { oneOf: ['BUFFERED', 'RESPONSE_STREAM'] },
  },
  'AWS::Lambda::Permission': { Action: { pattern: /^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/ } },
  'AWS::Logs::LogGroup': { LogGroupName: { pattern: /^[.\-_/#A-Za-z0-9]+$/, from: 1, to: 512 } },
  'AWS::Logs::DeliverySource': { Name: DELIVERY_NAME, LogType: { pattern: /^[\w-]+$/, from: 1, to: 255 } },
  'AWS::Logs::DeliveryDestination': {
    Name: DELIVERY_NAME,
    OutputFormat: { oneOf: ['json', 'plain', 'w3c', 'raw', 'parquet'] },
  },
  'AWS::Logs::Delivery': { DeliverySourceName: DELIVERY_NAME, RecordFields: { to: 128 } },
  'AWS::Logs::ResourcePolicy': { PolicyName: { from: 1, to: 255 }, PolicyDocument: { from: 1, to: 5120 } },
  'AWS::SecretsManager::Secret': {
    Name: { pattern: /^[a-zA-Z0-9/_+=.@-]+$/, from: 1, to: 512 },
    Description: { to: 2048 },
    'GenerateSecretString.PasswordLength': { from: 1, to: 4096 },
  },
  'AWS::KMS::Key': { Description: { to: 8192 }, PendingWindowInDays: { from: 7, to: 30 } },
  'AWS::KMS::Alias': { AliasName: { pattern: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/, to: 256 } },
  'AWS::IAM::Role': {
    RoleName: { ...ROLE_OR_POLICY, to: 64 },
    Description: { to: 1000 },
    MaxSessionDuration: { from: 3600, to: 43_200 },
  },
  'AWS::IAM::Policy': { PolicyName: ROLE_OR_POLICY },
  'AWS::IAM::ManagedPolicy': { ManagedPolicyName: ROLE_OR_POLICY, Description: { to: 1000 } },
  'AWS::SQS::Queue': {
    QueueName: QUEUE_NAME,
    DelaySeconds: { from: 0, to: 900 },
    MessageRetentionPeriod: { from: 60, to: 1_209_600 },
    ReceiveMessageWaitTimeSeconds: { from: 0, to: 20 },
    VisibilityTimeout: { from: 0, to: 43_200 },
  },
  'AWS::CloudWatch::Alarm': {
    AlarmName: { from: 1, to: 255 },
    AlarmDescription: { to: 1024 },
    AlarmActions: { to: 5 },
    OKActions: { to: 5 },
    ComparisonOperator: {
      oneOf: [
        'GreaterThanOrEqualToThreshold',
        'GreaterThanThreshold',
        'LessThanOrEqualToThreshold',
        'LessThanThreshold',
      ],
    },
    DatapointsToAlarm: { from: 1 },
    EvaluationPeriods: { from: 1 },
    Dimensions: { from: 1, to: 30 },
    MetricName: { from: 1, to: 255 },
    Namespace: METRIC_NAMESPACE,
    Period: { from: 10, to: 86_400 },
    Statistic: { oneOf: ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] },
    TreatMissingData: { oneOf: ['breaching', 'notBreaching', 'ignore', 'missing'] },
    Metrics: { from: 1, to: 20 },
    'Metrics.*.Id': { pattern: /^[a-z][a-zA-Z0-9_]*$/, from: 1, to: 255 },
    'Metrics.*.Expression': { from: 1, to: 2048 },
    'Metrics.*.MetricStat.Period': { from: 1, to: 86_400 },
    'Metrics.*.MetricStat.Metric.Namespace': METRIC_NAMESPACE,
    'Metrics.*.MetricStat.Metric.Dimensions': { from: 1, to: 30 },
  },
  'AWS::CloudWatch::Dashboard': { DashboardName: { pattern: /^[A-Za-z0-9\-_]+$/, from: 1, to: 255 } },
  'AWS::Logs::MetricFilter': {
    FilterName: { pattern: /^[^:*]+$/, from: 1, to: 512 },
    FilterPattern: { to: 1024 },
    MetricTransformations: { from: 1, to: 1 },
    'MetricTransformations.*.MetricName': { pattern: /^[^:*$]+$/, to: 255 },
    'MetricTransformations.*.MetricNamespace': { pattern: /^[^:*$]+$/, to: 255 },
    'MetricTransformations.*.MetricValue': { to: 100 },
    'MetricTransformations.*.Dimensions': { from: 1, to: 3 },
    'MetricTransformations.*.Dimensions.*.Key': { from: 1, to: 255 },
  },
  'AWS::Logs::QueryDefinition': {
    Name: { from: 1, to: 255 },
    QueryString: { from: 1, to: 10_000 },
    LogGroupNames: { from: 1, to: 50 },
  },
  'AWS::Budgets::Budget': {
    'Budget.BudgetType': { oneOf: ['USAGE', 'COST', 'RI_UTILIZATION', 'RI_COVERAGE'] },
    'Budget.TimeUnit': { oneOf: ['DAILY', 'MONTHLY', 'QUARTERLY', 'ANNUALLY'] },
    NotificationsWithSubscribers: { to: 10 },
    'NotificationsWithSubscribers.*.Notification.NotificationType': { oneOf: ['ACTUAL', 'FORECASTED'] },
    'NotificationsWithSubscribers.*.Subscribers': { from: 1, to: 11 },
  },
  'AWS::SNS::Subscription': {
    Protocol: {
      oneOf: ['http', 'https', 'email', 'email-json', 'sms', 'sqs', 'application', 'lambda', 'firehose'],
    },
  },
  'AWS::SNS::Topic': { TopicName: { pattern: /^[a-zA-Z0-9_-]+(\.fifo)?$/, from: 1, to: 256 } },
  'AWS::S3::Bucket': { BucketName: { pattern: /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/, from: 3, to: 63 } },
  'AWS::Events::Rule': {
    Name: { pattern: /^[.\-_A-Za-z0-9]+$/, from: 1, to: 64 },
    Description: { to: 512 },
    State: { oneOf: ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'] },
    Targets: { to: 5 },
    'Targets.*.Id': { pattern: /^[.\-_A-Za-z0-9]+$/, from: 1, to: 64 },
    'Targets.*.RetryPolicy.MaximumEventAgeInSeconds': { from: 60, to: 86_400 },
    'Targets.*.RetryPolicy.MaximumRetryAttempts': { from: 0, to: 185 },
    'Targets.*.InputTransformer.InputTemplate': { from: 1, to: 8192 },
    ScheduleExpression: { pattern: /^(rate|cron)\(.+\)$/, to: 256 },
  },
  'AWS::Events::EventBus': { Name: { pattern: /^[.\-_A-Za-z0-9/]+$/, from: 1, to: 256 } },
  'AWS::Events::ApiDestination': {
    Name: { pattern: /^[.\-_A-Za-z0-9]+$/, from: 1, to: 64 },
    InvocationEndpoint: { pattern: /^https:\/\/\S+$/, to: 2048 },
    InvocationRateLimitPerSecond: { from: 1 },
  },
  'AWS::Scheduler::Schedule': {
    Name: { pattern: /^[0-9a-zA-Z-_.]+$/, from: 1, to: 64 },
    ScheduleExpression: { pattern: /^(rate|cron|at)\(.+\)$/, to: 256 },
    'FlexibleTimeWindow.MaximumWindowInMinutes': { from: 1, to: 1440 },
    'Target.RetryPolicy.MaximumEventAgeInSeconds': { from: 60, to: 86_400 },
    'Target.RetryPolicy.MaximumRetryAttempts': { from: 0, to: 185 },
  },
  'AWS::ApiGatewayV2::Api': {
    Name: { from: 1, to: 128 },
    ProtocolType: { oneOf: ['HTTP', 'WEBSOCKET'] },
    'CorsConfiguration.MaxAge': { from: 0, to: 86_400, or: -1 },
  },
  'AWS::ApiGatewayV2::Stage': {
    StageName: { pattern: /^([a-zA-Z0-9_-]+|\$default)$/, from: 1, to: 128 },
    Description: { to: 1024 },
    'DefaultRouteSettings.ThrottlingBurstLimit': RATE,
    'DefaultRouteSettings.ThrottlingRateLimit': RATE,
    'RouteSettings.*.ThrottlingBurstLimit': RATE,
    'RouteSettings.*.ThrottlingRateLimit': RATE,
  },
  'AWS::ApiGatewayV2::Integration': {
    IntegrationType: { oneOf: ['AWS', 'AWS_PROXY', 'HTTP', 'HTTP_PROXY', 'MOCK'] },
    PayloadFormatVersion: { oneOf: ['1.0', '2.0'] },
    // A WebSocket API stops at 29 seconds, an HTTP API at 30.
    TimeoutInMillis: { from: 50, to: 30_000 },
  },
  'AWS::ApiGatewayV2::Route': {
    AuthorizationType: { oneOf: ['NONE', 'AWS_IAM', 'CUSTOM', 'JWT'] },
  },
  'AWS::ApiGatewayV2::Authorizer': {
    Name: { from: 1, to: 128 },
    AuthorizerType: { oneOf: ['REQUEST', 'JWT'] },
    AuthorizerPayloadFormatVersion: { oneOf: ['1.0', '2.0'] },
    AuthorizerResultTtlInSeconds: { from: 0, to: 3600 },
  },
  'AWS::WAFv2::WebACL': {
    Name: { pattern: /^[0-9A-Za-z_-]+$/, from: 1, to: 128 },
    Scope: { oneOf: ['CLOUDFRONT', 'REGIONAL'] },
    Description: { pattern: /^[a-zA-Z0-9=:#@/\-,.][a-zA-Z0-9+=:#@/\-,.\s]+[a-zA-Z0-9+=:#@/\-,.]+$/, to: 256 },
    'Rules.*.Name': { pattern: /^[0-9A-Za-z_-]+$/, from: 1, to: 128 },
    'Rules.*.Priority': { from: 0 },
    'Rules.*.Statement.RateBasedStatement.Limit': { from: 10, to: 2_000_000_000 },
    'Rules.*.Statement.RateBasedStatement.EvaluationWindowSec': { oneOf: [60, 120, 300, 600] },
    'Rules.*.VisibilityConfig.MetricName': { pattern: /^[\w#:./-]+$/, from: 1, to: 255 },
  },
  'AWS::CloudFront::Distribution': {
    'DistributionConfig.Comment': { to: 128 },
    'DistributionConfig.HttpVersion': { oneOf: ['http1.1', 'http2', 'http3', 'http2and3'] },
    'DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy': {
      oneOf: ['allow-all', 'https-only', 'redirect-to-https'],
    },
    'DistributionConfig.Origins.*.CustomOriginConfig.OriginProtocolPolicy': {
      oneOf: ['http-only', 'https-only', 'match-viewer'],
    },
    'DistributionConfig.Origins.*.CustomOriginConfig.OriginSSLProtocols.*': {
      oneOf: ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2'],
    },
    'DistributionConfig.Restrictions.GeoRestriction.RestrictionType': {
      oneOf: ['blacklist', 'none', 'whitelist'],
    },
  },
};
