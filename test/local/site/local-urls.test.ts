import { describe, expect, it } from 'vitest';
import { localFunctionUrl, localUrls } from '../../../packages/local/src/site/local-urls.ts';
import { redirectedHosts } from '../../../packages/local/src/site/redirected-hosts.ts';

const httpApi = { apiId: 'Http', stageName: 'test', stageVariables: undefined, routes: [], cors: undefined };

const apiPort = { port: 8080, servers: [], httpApi };

describe('localUrls', () => {
  it('leads from deployed URLs to local ones', () => {
    const url = { functionName: 'my-work', urlId: 'workurl', streams: false, cors: undefined } as const;
    const urls = localUrls([apiPort], [{ ...url, authorization: 'none' }], '127.0.0.1:8080');

    expect([...urls]).toEqual([
      ['https://Http.execute-api.us-east-1.amazonaws.com', 'http://127.0.0.1:8080'],
      ['wss://Http.execute-api.us-east-1.amazonaws.com', 'ws://127.0.0.1:8080'],
      ['https://workurl.lambda-url.us-east-1.on.aws', 'http://127.0.0.1:8080/lambda-url/my-work'],
    ]);
  });

  it('finds no local URL for another URL', () => {
    expect(localUrls([], [], '127.0.0.1:8080').size).toBe(0);
  });

  it('encodes the name of a function', () => {
    expect(localFunctionUrl('a/b', 'localhost')).toBe('http://localhost/lambda-url/a%2Fb');
  });
});

describe('redirectedHosts', () => {
  it('are the deployed hosts, and every name of this machine', () => {
    expect(redirectedHosts([apiPort])).toEqual({
      'Http.execute-api.us-east-1.amazonaws.com:443': '127.0.0.1:8080',
      'localhost:8080': '127.0.0.1:8080',
      '127.0.0.1:8080': '127.0.0.1:8080',
      '[::1]:8080': '127.0.0.1:8080',
    });
  });
});
