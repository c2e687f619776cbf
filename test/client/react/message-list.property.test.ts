/** The rows of a channel under any order in which messages, pages and acknowledgements can come. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MessageList } from '../../../packages/client/src/lib/stores/message-list.ts';
import { FanfareError } from '../../../packages/client/src/lib/wire/errors.ts';
import { tries } from '../../running/counts.ts';

/** A log of few different texts, so that clients often say the same. `own`: this client has published it. */
const log = fc.array(fc.record({ data: fc.constantFrom('a', 'b'), own: fc.boolean() }), { maxLength: 8 });

type Happening = (list: MessageList) => void;

/** What happens to the list for one record: it arrives, it is in a page, and if it is own, it was published and acknowledged. */
function happenings({ data, own }: { data: string; own: boolean }, seq: number): Happening[] {
  const message = { seq, data, from: own ? 'me' : 'another', time: seq };
  const arrives: Happening = (list) => list.received(message);
  const acknowledged: Happening = (list) => list.acknowledged(`own ${seq}`, seq);
  return own ? [arrives, arrives, acknowledged] : [arrives, arrives];
}

const scenario = log.chain((records) =>
  fc.record({
    records: fc.constant(records),
    order: fc.shuffledSubarray(records.flatMap(happenings), {
      minLength: records.flatMap(happenings).length,
    }),
  }),
);

it('each message has one row, in order, and own ones keep their key, in any order of arrival', () => {
  fc.assert(
    fc.property(scenario, ({ records, order }) => {
      const list = new MessageList();
      for (const [seq, { data, own }] of records.entries()) if (own) list.sending(`own ${seq}`, data);
      for (const happens of order) {
        happens(list);
        const keys = list.rows.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }

      expect(list.rows.map(({ key, seq, data, from, status }) => [key, seq, data, from, status])).toEqual(
        records.map(({ data, own }, seq) => [
          own ? `own ${seq}` : String(seq),
          seq,
          data,
          own ? 'me' : 'another',
          'sent',
        ]),
      );
    }),
    { numRuns: tries({ short: 300, long: 20_000 }) },
  );
});

it('a refused row comes back when it was taken for the same text of another client', () => {
  const list = new MessageList();
  list.sending('own', 'hello');
  list.received({ seq: 7, data: 'hello', from: 'another', time: 1 });
  list.refused('own', new FanfareError({ code: 'forbidden', status: 403, message: 'No.' }));

  expect(list.rows.map(({ key, seq, status }) => [key, seq, status])).toEqual([
    ['7', 7, 'sent'],
    ['own', undefined, 'failed'],
  ]);
});

it('a row whose acknowledgement did not come in time is the message that came', () => {
  const list = new MessageList();
  list.sending('own', 'hello');
  list.received({ seq: 7, data: 'hello', from: 'me', time: 1 });
  list.refused('own', new FanfareError({ code: 'timeout', status: 408, message: 'No reply in time.' }));

  expect(list.rows.map(({ key, seq, status }) => [key, seq, status])).toEqual([['own', 7, 'sent']]);
});
