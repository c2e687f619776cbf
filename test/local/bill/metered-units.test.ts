import { describe, expect, it } from 'vitest';
import {
  billedStreamedBytes,
  billedTime,
  connectionMinutes,
  eventUnits,
  httpRequestUnits,
  messageUnits,
  writeUnits,
} from '../../../packages/local/src/bill/metered-units.ts';

const KB = 1024;

describe('metered units', () => {
  it('a message counts once for each 32 KB that it begins, and an empty one once (PX-1)', () => {
    expect([0, 1, 32 * KB, 32 * KB + 1, 40 * KB, 128 * KB].map(messageUnits)).toEqual([1, 1, 1, 2, 2, 4]);
  });

  it('a request to an HTTP API counts by 512 KB, an event by 64 KB, a written item by 1 KB (PX-7)', () => {
    expect([0, 512 * KB, 513 * KB].map(httpRequestUnits)).toEqual([1, 1, 2]);
    expect([14, 64 * KB, 64 * KB + 1].map(eventUnits)).toEqual([1, 1, 2]);
    expect([0, KB, KB + 1].map(writeUnits)).toEqual([1, 1, 2]);
  });

  it('a connection counts for each minute that it begins', () => {
    expect([0, 1, 60_000, 60_001].map(connectionMinutes)).toEqual([1, 1, 1, 2]);
  });

  it('a function counts for each millisecond that it begins, times its memory (PX-6)', () => {
    expect(billedTime(512, 0.2)).toBe(512);
    expect(billedTime(512, 12)).toBe(6144);
    expect(billedTime(512, 12.001)).toBe(512 * 13);
  });

  it('a streamed response counts from 6 MB on', () => {
    expect([0, 6 * KB * KB, 6 * KB * KB + 5].map(billedStreamedBytes)).toEqual([0, 0, 5]);
  });
});
