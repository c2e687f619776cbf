import { expect, it } from 'vitest';
import { BillMeter } from '../../../packages/local/src/bill/bill-meter.ts';
import { billReport } from '../../../packages/local/src/bill/bill-report.ts';

it('a bill is printed as a table whose columns stand below each other', () => {
  const meter = new BillMeter({ now: () => 0, channelOf: (text) => /"channel":"([^"]+)"/.exec(text)?.[1] });
  meter.message('in', 'ping', '{"action":"ping"}');
  meter.message('out', '@connections', '{"event":"messages","channel":"open:a"}');

  expect(billReport(meter.bill())).toBe(
    `What AWS would charge for 1970-01-01T00:00:00.000Z to 1970-01-01T00:00:00.000Z, without free tiers (us-east-1, prices of 2026-11-22):

                                                     times  quantity     dollars
  API Gateway WebSocket messages  @connections, out  1      1 x 32 KB    0.000001
  API Gateway WebSocket messages  ping, in           1      1 x 32 KB    0.000001
  total                                                                  0.000002
  of which messages of a channel  open:a                    0 in, 1 out  0.000001
`,
  );
});
