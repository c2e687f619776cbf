import { describe, expect, it } from 'vitest';
import { apiCallerOf } from '../../../lambdas/events/api-event.ts';

const callerBy = (authorizer: unknown) =>
  apiCallerOf({
    routeKey: '',
    isBase64Encoded: false,
    rawQueryString: '',
    requestContext: { requestId: 'one', authorizer },
  });

describe('the sender of a request to the HTTP API', () => {
  it('is the subject of its token', () => {
    expect(callerBy({ lambda: { server: 'billing' } }).sender).toEqual({ kind: 'server', id: 'billing' });
  });

  it('is the principal that signed it for IAM: the same for every session of a role', () => {
    const role = { kind: 'principal', id: 'AROAEXAMPLE' };

    expect(callerBy({ iam: { userId: 'AROAEXAMPLE:morning' } }).sender).toEqual(role);
    expect(callerBy({ iam: { userId: 'AROAEXAMPLE:evening' } }).sender).toEqual(role);
    expect(callerBy({ iam: { userId: 'AIDAEXAMPLE' } }).sender).toEqual({
      kind: 'principal',
      id: 'AIDAEXAMPLE',
    });
  });

  it('is not a principal because a token says so', () => {
    expect(callerBy({ lambda: { server: 'AIDAEXAMPLE' } }).sender.kind).toBe('server');
  });
});
