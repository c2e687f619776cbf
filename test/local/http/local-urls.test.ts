import { describe, expect, it } from 'vitest';
import { localFunctionUrl, localUrls } from '../../../local/http/local-urls.ts';

describe('localUrls', () => {
  it('leads from deployed URLs to local ones', () => {
    const httpApi = {
      apiId: 'Http',
      stageName: 'test',
      stageVariables: undefined,
      routes: [],
      cors: undefined,
    };
    const url = { functionName: 'my-work', urlId: 'workurl', streams: false, cors: undefined } as const;
    const urls = localUrls({ httpApi, functionUrls: [{ ...url, authorization: 'none' }] }, '127.0.0.1:8080');

    expect([...urls]).toEqual([
      ['https://Http.execute-api.us-east-1.amazonaws.com', 'http://127.0.0.1:8080'],
      ['https://workurl.lambda-url.us-east-1.on.aws', 'http://127.0.0.1:8080/lambda-url/my-work'],
    ]);
  });

  it('leads nowhere where there is nothing of the kind', () => {
    expect(localUrls({ httpApi: undefined, functionUrls: [] }, '127.0.0.1:8080').size).toBe(0);
  });

  it('encodes the name of a function', () => {
    expect(localFunctionUrl('a/b', 'localhost')).toBe('http://localhost/lambda-url/a%2Fb');
  });
});
