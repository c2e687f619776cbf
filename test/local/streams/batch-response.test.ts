import { describe, expect, it } from 'vitest';
import { batchResult } from '../../../packages/local/src/streams/batch-response.ts';

const numbers = ['11', '12', '13'];

const resultOf = (value: unknown) => batchResult({ kind: 'result', value }, numbers, true);

const failures = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('a batch whose function reports failures', () => {
  it.each([null, undefined, {}, { batchItemFailures: null }, { batchItemFailures: [] }])(
    'is done after %j',
    (value) => {
      expect(resultOf(value)).toEqual({ kind: 'done' });
    },
  );

  it.each([
    [failures('12'), 1],
    [failures('13', '12'), 1],
    [failures('11'), 0],
  ])('has failed from the first of them on: %j', (value, index) => {
    expect(resultOf(value)).toEqual({ kind: 'failed-from', index });
  });

  it.each([
    failures(''),
    failures(null),
    failures('14'),
    failures('12', '14'),
    { batchItemFailures: [{ id: '12' }] },
    { batchItemFailures: 'x' },
    'text',
    7,
  ])('has failed as a whole after %j', (value) => {
    expect(resultOf(value)).toEqual({ kind: 'failed' });
  });
});

describe('a batch', () => {
  it('is done for every result of its function if the mapping does not read results', () => {
    expect(batchResult({ kind: 'result', value: failures('12') }, numbers, false)).toEqual({ kind: 'done' });
  });

  it.each(['error', 'died'] as const)('has failed after an outcome of the kind %s', (kind) => {
    expect(batchResult({ kind, errorType: 'Error', message: '' }, numbers, true)).toEqual({ kind: 'failed' });
  });
});
