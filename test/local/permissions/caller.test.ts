import { describe, expect, it } from 'vitest';
import { accessKeyOf, callingFunction } from '../../../packages/local/src/permissions/caller.ts';

const signedBy = (accessKeyId: string) =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261122/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0`;

describe('the caller of a request', () => {
  it.each(['Connect', 'my-function_2', 'local', 'local-twin'])(
    'is the function that signed it: %s',
    (name) => {
      expect(callingFunction(signedBy(accessKeyOf(name)))).toBe(name);
    },
  );

  it.each([
    ['it is not signed', undefined],
    ['a developer signed it', signedBy('local')],
    ['another key signed it', signedBy('AKIDEXAMPLE')],
    ['it has a token', 'Bearer local-Connect'],
  ])('is not a function when %s', (_when, authorization) => {
    expect(callingFunction(authorization)).toBeUndefined();
  });
});
