import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchItem, recordItem, recordsFrom } from '../../../lambdas/aws/record-item.ts';

const retention = { retentionMs: 60_000 };

describe('a record in the table', () => {
  it('keeps every number of its data, because data is stored as text', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(value, (data) => {
        const item = recordItem('chat:a', { seq: 17, data, time: 1 }, 'writer', retention);

        expect(Object.keys(item['data'] ?? {})).toEqual(['S']);
        expect(JSON.stringify(recordsFrom(item))).toBe(JSON.stringify([{ seq: 17, data, time: 1 }]));
      }),
    );
  });

  it.each(['9007199254740991', '5e-324', '1.7976931348623157e+308', '0.1', '590518626939830300'])(
    'returns the published digits: %s',
    (number) => {
      const item = recordItem('chat:a', { seq: 17, data: JSON.parse(number), time: 1 }, 'writer', retention);

      expect(JSON.stringify(recordsFrom(item))).toContain(`"data":${number}`);
    },
  );
});

describe('a batch in the table', () => {
  it('keeps the data of each message, and gives each its number', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 }), { minLength: 1, maxLength: 50 }), (data) => {
        const messages = data.map((each, index) => ({ seq: 17 + index, data: each, time: 1, from: 'ann' }));
        const item = batchItem('chat:a', messages, 'writer', retention);

        expect(JSON.stringify(recordsFrom(item))).toBe(
          JSON.stringify(data.map((each, index) => ({ seq: 17 + index, data: each, time: 1, from: 'ann' }))),
        );
      }),
    );
  });

  it('of one message is the item that it was before batches were one item', () => {
    const message = { seq: 17, data: { a: ['x\ny'] }, time: 1 };

    expect(batchItem('chat:a', [message], 'writer', retention)).toEqual(
      recordItem('chat:a', message, 'writer', retention),
    );
  });

  it('of several messages is no JSON text, so that a function of an older version fails instead of losing messages', () => {
    const messages = [1, 2].map((data) => ({ seq: data, data, time: 1 }));
    const text = batchItem('chat:a', messages, 'writer', retention)['data']?.S ?? '';

    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });
});
