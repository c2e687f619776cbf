import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { issuer } from '../../lambdas/identity/issuer.ts';
import { origins } from '../../lambdas/identity/origins.ts';
import { settingOf } from '../../lib/settings/setting-error.ts';
import { sentenceOfMistake } from '../../packages/local/src/terminal/mistakes.ts';

const provider = {
  issuer: 'https://id.example.com/',
  audience: 'fanfare',
  jwksUrl: 'https://id.example.com/jwks.json',
  algorithms: ['RS256'],
};

const at = { file: 'lib/settings/stage-settings.ts', name: 'dev.origins' };

/** The sentence that a person at the terminal reads. */
function told(schema: v.GenericSchema, value: unknown): string | undefined {
  try {
    settingOf(schema, at, value);
    return 'nothing';
  } catch (error) {
    return sentenceOfMistake(error);
  }
}

describe('a setting', () => {
  it('is returned if it is valid', () => {
    expect(settingOf(origins, at, ['https://a.com'])).toEqual(['https://a.com']);
  });

  it('that is wrong causes one sentence with its name, its value and the allowed values', () => {
    expect(told(origins, ['https://a.com', 'https://b.com/'])).toBe(
      'lib/settings/stage-settings.ts: dev.origins[1] is "https://b.com/", which is not allowed: an origin is https://host, https://*.host or http://host:*, in lower case and without a path.',
    );
    expect(told(v.array(issuer), [{ ...provider, jwksUrl: 'http://id.example.com/' }])).toBe(
      'lib/settings/stage-settings.ts: dev.origins[0].jwksUrl is "http://id.example.com/", which is not allowed: keys come by https, or by http from localhost, 127.0.0.1 or [::1], where no network is in between.',
    );
  });

  it.each([
    ['is missing', [{ ...provider, audience: undefined }], /origins\[0\]\.audience is undefined, .*string/],
    ['has another type', [{ ...provider, issuer: 5 }], /origins\[0\]\.issuer is 5, .*string/],
    [
      'is not one of the allowed words',
      [{ ...provider, algorithms: ['none'] }],
      /algorithms\[0\] is "none", .*"RS256"/,
    ],
    ['is no list at all', 'x', /dev\.origins is "x", .*Array/],
  ])('that %s is named', (_what, value, sentence) => {
    expect(told(v.array(issuer), value)).toMatch(sentence);
  });
});
