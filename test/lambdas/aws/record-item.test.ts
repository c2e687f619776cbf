import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordFrom, recordItem } from '../../../lambdas/aws/record-item.ts';

const retention = { retentionMs: 60_000 };

describe('a record in the table', () => {
  it('keeps every number of its data, because data is stored as text', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(value, (data) => {
        const item = recordItem('chat:a', { seq: 17, data, time: 1 }, 'writer', retention);

        expect(Object.keys(item['data'] ?? {})).toEqual(['S']);
        expect(JSON.stringify(recordFrom(item))).toBe(JSON.stringify({ seq: 17, data, time: 1 }));
      }),
    );
  });

  it.each(['9007199254740991', '5e-324', '1.7976931348623157e+308', '0.1', '590518626939830300'])(
    'returns the published digits: %s',
    (number) => {
      const item = recordItem('chat:a', { seq: 17, data: JSON.parse(number), time: 1 }, 'writer', retention);

      expect(JSON.stringify(recordFrom(item))).toContain(`"data":${number}`);
    },
  );
});
