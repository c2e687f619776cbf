/** How the support desk decides from the messages of its channel. */

import type { MessageRow } from 'fanfare-client/react';
import { describe, expect, it } from 'vitest';
import { type DeskEvent, ticketsOf } from '../../examples/desk/tickets.ts';

/** A message that was delivered; without `from`, one of this page that the server has and that has not arrived. */
function row(seq: number, from: string | undefined, data: DeskEvent): MessageRow {
  return {
    key: String(seq),
    status: 'sent',
    data,
    seq,
    from,
    time: from === undefined ? undefined : seq,
    error: undefined,
  };
}

const opened = row(1, 'cleo', { do: 'open', subject: 'My order is late' });
const claim: DeskEvent = { do: 'claim', ticket: 1 };

describe('a ticket', () => {
  it('goes to the agent whose claim is first in the order of the channel', () => {
    const [ticket] = ticketsOf([opened, row(2, 'ben', claim), row(3, 'ann', claim)]);

    expect(ticket).toMatchObject({ agent: 'ben', late: ['ann'] });
  });

  it('is not decided by an own claim that has not arrived, because another may be before it', () => {
    const [ticket] = ticketsOf([opened, row(3, undefined, claim)]);

    expect(ticket?.agent).toBeUndefined();
  });

  it('is given on and closed by its agent alone', () => {
    const others = [
      row(3, 'ann', { do: 'transfer', ticket: 1, to: 'ann' }),
      row(4, 'cleo', { do: 'close', ticket: 1 }),
    ];
    const given = row(5, 'ben', { do: 'transfer', ticket: 1, to: 'ann' });
    const claimed = [opened, row(2, 'ben', claim), ...others];

    expect(ticketsOf(claimed)[0]?.agent).toBe('ben');
    expect(ticketsOf([...claimed, given])[0]?.agent).toBe('ann');
    expect(ticketsOf([...claimed, given, row(6, 'ann', { do: 'close', ticket: 1 })])).toEqual([]);
  });
});
