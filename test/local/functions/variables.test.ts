import { describe, expect, it } from 'vitest';
import { variablesOf } from '../../../packages/local/src/functions/variables.ts';
import { defaultEventInvokeConfig } from '../../../packages/local/src/template/event-invoke-config.ts';

const endpoints = {
  localHost: '127.0.0.1:8080',
  localUrls: new Map([
    ['https://Api.execute-api.us-east-1.amazonaws.com', 'http://127.0.0.1:8080'],
    ['wss://Api.execute-api.us-east-1.amazonaws.com', 'ws://127.0.0.1:8080'],
    ['https://work.lambda-url.us-east-1.on.aws', 'http://127.0.0.1:8080/lambda-url/Work'],
  ]),
  dynamodb: 'http://127.0.0.1:8000',
};

const model = (variables: Readonly<Record<string, string>>) => ({
  name: 'Connect',
  s3Key: 'asset',
  handler: 'index.handler',
  runtime: 'nodejs22.x',
  memoryMb: 256,
  timeoutMs: 10_000,
  architecture: 'x86_64' as const,
  variables,
  eventInvokeConfig: defaultEventInvokeConfig,
  streams: false,
});

describe('variablesOf', () => {
  it('adds the variables of Lambda and the addresses of the local services', () => {
    expect(variablesOf(model({ TABLE: 'Items' }), '/code', endpoints)).toEqual({
      TABLE: 'Items',
      AWS_LAMBDA_FUNCTION_NAME: 'Connect',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/Connect',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringContaining('[$LATEST]'),
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      LAMBDA_TASK_ROOT: '/code',
      LAMBDA_RUNTIME_DIR: expect.stringMatching(/functions\/$/),
      _HANDLER: 'index.handler',
      TZ: ':UTC',
      LANG: 'en_US.UTF-8',
      PATH: process.env['PATH'],
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local-Connect',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: 'local',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:8080',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
      AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:8080',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:8080',
      AWS_ENDPOINT_URL_EVENTBRIDGE: 'http://127.0.0.1:8080',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    });
  });

  it.each([
    ['https://Api.execute-api.us-east-1.amazonaws.com/test', 'http://127.0.0.1:8080/test'],
    ['wss://Api.execute-api.us-east-1.amazonaws.com/test', 'ws://127.0.0.1:8080/test'],
    ['https://example.com/test', 'https://example.com/test'],
    ['Api.execute-api.us-east-1.amazonaws.com', 'Api.execute-api.us-east-1.amazonaws.com'],
  ])('turns %s into %s', (deployed, local) => {
    expect(variablesOf(model({ URL: deployed }), '/code', endpoints)).toMatchObject({ URL: local });
  });

  it('knows the URLs of functions', () => {
    const deployed = { URL: 'https://work.lambda-url.us-east-1.on.aws/' };

    expect(variablesOf(model(deployed), '/code', endpoints)).toMatchObject({
      URL: 'http://127.0.0.1:8080/lambda-url/Work/',
    });
  });

  it('never gives a function real credentials', () => {
    expect(variablesOf(model({ AWS_SECRET_ACCESS_KEY: 'real' }), '/code', endpoints)).toMatchObject({
      AWS_SECRET_ACCESS_KEY: 'local',
    });
  });
});
