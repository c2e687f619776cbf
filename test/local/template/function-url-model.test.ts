import { describe, expect, it } from 'vitest';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { readAppModel } from '../../../packages/local/src/template/app-model.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { functionResource, functionUrlResource } from '../../fixtures/http-template.ts';
import { webSocketTemplate } from '../../fixtures/web-socket-template.ts';

const read = (more: object) => readAppModel(parseTemplate(webSocketTemplate({}, more)));

const Work = functionResource({ code: 'work' });

describe('the function URLs of a template', () => {
  it('are read, each with its function', () => {
    const Cors = { AllowOrigins: ['*'] };
    const { functionUrls } = read({ Work, WorkUrl: functionUrlResource('Work', { Cors }) });

    expect(functionUrls).toEqual([
      {
        functionName: 'Work',
        urlId: 'workurl',
        authorization: 'none',
        streams: false,
        cors: expect.objectContaining(Cors),
      },
    ]);
  });

  it('find a function by the name that the template gives it', () => {
    const Named = { ...Work, Properties: { ...Work.Properties, FunctionName: 'my-work' } };

    expect(read({ Named, Url: functionUrlResource('Named') }).functionUrls).toMatchObject([
      { functionName: 'my-work' },
    ]);
  });

  it.each([
    ['BUFFERED', false],
    ['RESPONSE_STREAM', true],
  ])('with the mode %s have functions that stream: %s', (InvokeMode, streams) => {
    const model = read({ Work, Url: functionUrlResource('Work', { InvokeMode, AuthType: 'AWS_IAM' }) });

    expect(model.functionUrls).toMatchObject([{ authorization: 'iam', streams }]);
    expect(model.functions).toMatchObject([{ name: 'Work', streams }]);
  });

  it('resolve to a URL that looks deployed, with a slash at the end', () => {
    const Other = functionResource({
      code: 'other',
      variables: { URL: { 'Fn::GetAtt': ['WorkUrl', 'FunctionUrl'] } },
    });
    const { functions } = read({ Work, Other, WorkUrl: functionUrlResource('Work') });

    expect(functions[1]?.variables).toEqual({ URL: 'https://workurl.lambda-url.us-east-1.on.aws/' });
  });

  it.each([
    [
      'one that leads elsewhere',
      { Url: functionUrlResource('Work', { TargetFunctionArn: 'elsewhere' }) },
      'Url leads to elsewhere, which is no function of the template.',
    ],
    [
      'a second one of a function',
      { Url: functionUrlResource('Work'), Url2: functionUrlResource('Work') },
      'Work can have one URL only, and Url2 is another.',
    ],
    [
      'one of an alias',
      { Url: functionUrlResource('Work', { Qualifier: 'live' }) },
      'The local runtime cannot serve Url (AWS::Lambda::Url): Qualifier aliases are not supported.',
    ],
  ])('refuse %s', (_what, more, sentence) => {
    expect(() => read({ Work, ...more })).toThrow(new StartError(sentence));
  });
});
