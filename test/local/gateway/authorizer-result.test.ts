import { describe, expect, it } from 'vitest';
import { authorizationOf, RESULT_BYTES } from '../../../packages/local/src/gateway/authorizer-result.ts';

const METHOD = 'arn:aws:execute-api:us-east-1:000000000000:Api/test/$connect';

const policyDocument = {
  Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: METHOD }],
};

const admission = { principalId: 'ann', policyDocument };

const decide = (value: unknown) => authorizationOf({ kind: 'result', value }, METHOD);

const refused = (status: number) => ({ allowed: false, status });

/** An admission whose JSON has exactly this many bytes. */
function admissionOf(bytes: number) {
  const rest = Buffer.byteLength(JSON.stringify({ ...admission, context: { filler: '' } }));
  return { ...admission, context: { filler: 'x'.repeat(bytes - rest) } };
}

describe('authorizationOf', () => {
  it('admits a caller that the policy allows (AU-4)', () => {
    expect(decide(admission)).toEqual({ allowed: true, principalId: 'ann', context: {} });
  });

  it('keeps the context as text (AU-6, EV-14)', () => {
    const context = { tenant: 'acme', level: 7, rate: 0.5, admin: false, note: '' };

    expect(decide({ ...admission, context })).toEqual({
      allowed: true,
      principalId: 'ann',
      context: { tenant: 'acme', level: '7', rate: '0.5', admin: 'false', note: '' },
    });
  });

  it.each([
    ['a denial', [{ Action: '*', Effect: 'Deny', Resource: '*' }]],
    ['a denial beside', [...policyDocument.Statement, { Action: '*', Effect: 'Deny', Resource: METHOD }]],
    [
      'another resource',
      [{ Action: '*', Effect: 'Allow', Resource: METHOD.replace('test/$connect', 'test/*/*') }],
    ],
    ['another action', [{ Action: 'execute-api:ManageConnections', Effect: 'Allow', Resource: METHOD }]],
    ['no statement', []],
  ])('refuses with 403 for %s (AU-4)', (_what, Statement) => {
    expect(decide({ ...admission, policyDocument: { ...policyDocument, Statement } })).toEqual(refused(403));
  });

  it('refuses with 401 for the exact error Unauthorized (AU-4)', () => {
    const outcome = { kind: 'error', errorType: 'Error', message: 'Unauthorized' } as const;

    expect(authorizationOf(outcome, METHOD)).toEqual(refused(401));
  });

  it.each([
    [{ kind: 'error', errorType: 'Error', message: 'unauthorized' } as const],
    [{ kind: 'error', errorType: 'Error', message: 'Unauthorized.' } as const],
    [{ kind: 'error', errorType: 'Unauthorized', message: '' } as const],
    [{ kind: 'died', errorType: 'Error', message: 'Unauthorized' } as const],
    [{ kind: 'timed-out' } as const],
  ])('refuses with 500 for %j (AU-4)', (outcome) => {
    expect(authorizationOf(outcome, METHOD)).toEqual(refused(500));
  });

  it.each<[what: string, value: unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'Allow'],
    ['a proxy result', { statusCode: 401 }],
    ['the simple form of HTTP APIs (AU-5)', { isAuthorized: true, context: {} }],
    ['no principal', { policyDocument }],
    ['a principal that is no text', { principalId: 7, policyDocument }],
    ['no policy', { principalId: 'ann' }],
    ['a policy that is text', { principalId: 'ann', policyDocument: JSON.stringify(policyDocument) }],
    ['a context with an object', { ...admission, context: { user: { id: 'ann' } } }],
    ['a context with a list', { ...admission, context: { roles: ['admin'] } }],
    ['a context with null', { ...admission, context: { tenant: null } }],
    ['a context that is a list', { ...admission, context: ['ann'] }],
  ])('refuses with 500 for %s (AU-4)', (_what, value) => {
    expect(decide(value)).toEqual(refused(500));
  });

  it('takes a result of 8 KB, and refuses one byte more with 500 (AU-4)', () => {
    expect(RESULT_BYTES).toBe(8192);
    expect(decide(admissionOf(RESULT_BYTES))).toMatchObject({ allowed: true });
    expect(decide(admissionOf(RESULT_BYTES + 1))).toEqual(refused(500));
  });

  it('counts bytes, not characters', () => {
    const { context, ...rest } = admissionOf(RESULT_BYTES);

    expect(decide({ ...rest, context: { filler: `ß${context.filler.slice(1)}` } })).toEqual(refused(500));
  });
});
