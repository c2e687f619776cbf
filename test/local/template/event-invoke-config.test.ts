import { describe, expect, it } from 'vitest';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { readAppModel } from '../../../packages/local/src/template/app-model.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { webSocketTemplate } from '../../fixtures/web-socket-template.ts';
import { functionResource } from '../serve-functions.ts';

const functions = { Work: functionResource('work'), Mourn: functionResource('mourn') };

const arnOf = (name: string) => ({ Destination: { 'Fn::GetAtt': [name, 'Arn'] } });

/** The functions of a template in which `Config` is the configuration of `Work`. */
function functionsWith(properties: object) {
  const Properties = { FunctionName: { Ref: 'Work' }, Qualifier: '$LATEST', ...properties };
  const Config = { Type: 'AWS::Lambda::EventInvokeConfig', Properties };
  return readAppModel(parseTemplate(webSocketTemplate({}, { ...functions, Config }))).functions;
}

const configWith = (properties: object) => functionsWith(properties)[0]?.eventInvokeConfig;

describe('the retries of a function’s events', () => {
  it('are two within six hours by default', () => {
    const model = readAppModel(parseTemplate(webSocketTemplate({}, functions)));

    expect(model.functions.map(({ name, eventInvokeConfig }) => [name, eventInvokeConfig])).toEqual(
      ['Work', 'Mourn'].map((name) => [
        name,
        {
          maximumRetryAttempts: 2,
          maximumEventAgeMs: 21_600_000,
          onSuccess: undefined,
          onFailure: undefined,
        },
      ]),
    );
  });

  it('are those of the template', () => {
    const config = configWith({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnSuccess: arnOf('Work'), OnFailure: arnOf('Mourn') },
    });

    expect(config).toEqual({
      maximumRetryAttempts: 0,
      maximumEventAgeMs: 60_000,
      onSuccess: 'Work',
      onFailure: 'Mourn',
    });
  });

  it('have defaults for settings that the template leaves out', () => {
    expect(configWith({})).toEqual(functionsWith({})[1]?.eventInvokeConfig);
  });

  it('may name a function by its ARN', () => {
    const FunctionName = { 'Fn::GetAtt': ['Work', 'Arn'] };

    expect(configWith({ FunctionName, MaximumRetryAttempts: 1 })).toMatchObject({ maximumRetryAttempts: 1 });
  });

  it.each([
    'arn:aws:sqs:us-east-1:000000000000:Queue',
    'arn:aws:sns:us-east-1:000000000000:Topic',
    'arn:aws:lambda:us-east-1:000000000000:function:Elsewhere',
  ])('cannot have %s as a destination, which is refused by name', (Destination) => {
    expect(() => configWith({ DestinationConfig: { OnFailure: { Destination } } })).toThrow(
      new StartError(`Config names ${Destination}, which is no function of the template.`),
    );
  });

  it('cannot name a function that does not exist', () => {
    expect(() => configWith({ FunctionName: 'Elsewhere' })).toThrow(
      new StartError('Config names Elsewhere, which is no function of the template.'),
    );
  });

  it.each([
    ['another version', { Qualifier: 'live' }, 'Qualifier'],
    ['more retries than Lambda has', { MaximumRetryAttempts: 3 }, 'MaximumRetryAttempts'],
  ])('cannot be set for %s', (_what, properties, property) => {
    expect(() => configWith(properties)).toThrow(
      new RegExp(`cannot serve Config \\(AWS::Lambda::EventInvokeConfig\\): ${property} `),
    );
  });
});
