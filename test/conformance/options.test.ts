import { describe, expect, it } from 'vitest';
import { parseConformanceOptions } from '../../conformance/options.ts';

const URL_OF_START = 'ws://localhost:8080/local';

describe('the flags of the conformance command', () => {
  it('are a URL, and defaults for the rest', () => {
    expect(parseConformanceOptions([URL_OF_START])).toEqual({
      url: URL_OF_START,
      namespace: 'open',
      token: undefined,
      patienceMs: 10_000,
    });
  });

  it('name a namespace, a token and the time for an answer', () => {
    const flags = ['--namespace', 'chat', '--token', 't', '--patience', '500'];

    expect(parseConformanceOptions(['wss://host/prod/', ...flags])).toEqual({
      url: 'wss://host/prod',
      namespace: 'chat',
      token: 't',
      patienceMs: 500,
    });
  });

  it.each([
    ['no URL', [], 'npm run -s conformance'],
    ['two URLs', [URL_OF_START, URL_OF_START], 'npm run -s conformance'],
    ['a URL of a page', ['http://localhost'], 'such as ws://localhost:8080/local; got http://localhost.'],
    ['a text', ['localhost'], 'got localhost.'],
    ['a channel as the namespace', [URL_OF_START, '--namespace', 'open:a'], '--namespace takes'],
    ['an endless patience', [URL_OF_START, '--patience', '0'], '--patience takes 1 to 999999'],
  ])('are refused in a sentence: %s', (_what, flags, sentence) => {
    expect(() => parseConformanceOptions(flags)).toThrow(sentence);
  });
});
