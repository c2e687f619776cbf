import { ProtocolError } from 'fanfare-protocol/errors';
import { BURST_MS, COMMANDS_PER_FRAME, MESSAGE_BYTES } from 'fanfare-protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, type FrameSize, RateLimit } from '../../../lambdas/realtime/access/rate-limit.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';

const ME = 'me=';
/** The share of a container: a part of the rate, and the part at once, in its slower time. */
const SHARE = 0.05;
const SHARE_MS = 300 / SHARE;
/** A connection that goes on so soon after a wait counts as flooding. Milliseconds. */
const AT_ONCE_MS = 200;

/** A textbook bucket: full at first, filled with time, and emptied by each frame. */
class TokenBucket {
  private readonly size: number;
  private level: number;
  private filledAt = NOW;

  constructor(size: number) {
    this.size = size;
    this.level = size;
  }

  take(costMs: number, now: number): boolean {
    this.level = Math.min(this.size, this.level + now - this.filledAt);
    this.filledAt = now;
    if (costMs > this.level) return false;
    this.level -= costMs;
    return true;
  }
}

interface Frame extends FrameSize {
  /** Milliseconds since the frame before. */
  readonly after: number;
  /** The container that gets the frame. */
  readonly container: number;
}

const CONTAINERS = 4;

const frame: fc.Arbitrary<Frame> = fc.record({
  // Mostly a flood, sometimes a pause.
  after: fc.oneof({ weight: 8, arbitrary: fc.nat(50) }, { weight: 1, arbitrary: fc.nat(2 * BURST_MS) }),
  commands: fc.integer({ min: 1, max: COMMANDS_PER_FRAME }),
  bytes: fc.nat(MESSAGE_BYTES),
  container: fc.nat(CONTAINERS - 1),
});

const frames = fc.array(frame, { minLength: 1, maxLength: 300, size: 'max' });

/** A second is usual; to look for the smallest example of a failure may take minutes. */
const RUNS = { numRuns: 300, interruptAfterTimeLimit: 10_000 };

async function opened(): Promise<MemoryPorts> {
  const ports = memoryPorts();
  await ports.connections.open({ connectionId: ME, expiresAt: NOW }, []);
  return ports;
}

/** `undefined` for a frame that passes, otherwise the milliseconds to wait. */
async function refusalOf(limit: RateLimit, receivedAt: number, size: FrameSize): Promise<number | undefined> {
  try {
    await limit.admit({ connectionId: ME, receivedAt }, size);
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'rate-limited') return error.retryAfter;
    throw error;
  }
}

describe('the rate limit, for random frames and times', () => {
  it('of one container admits as much as the share and a textbook bucket, and admits a flood evenly and without the share', async () => {
    const run = async (flood: readonly Frame[]) => {
      let clock = NOW;
      const limit = new RateLimit({ ...(await opened()), now: () => clock });
      const share = new TokenBucket(SHARE_MS);
      const bucket = new TokenBucket(BURST_MS);
      let waitUntil = 0;
      for (const { after, ...size } of flood) {
        clock += after;
        const costMs = costOf(size);
        const floods = clock - waitUntil < AT_ONCE_MS;
        const isShared = !floods && share.take(costMs / SHARE, clock);
        const isPaid = clock >= waitUntil && !isShared && bucket.take(costMs, clock);

        const retryAfter = await refusalOf(limit, clock, size);

        expect(retryAfter === undefined).toBe(isShared || isPaid);
        if (retryAfter !== undefined) waitUntil = clock + retryAfter;
        else if (floods) waitUntil = clock + costMs;
      }
    };

    await fc.assert(fc.asyncProperty(frames, run), RUNS);
  });

  it('names the very millisecond from which the same frame passes', async () => {
    const run = async (flood: readonly Frame[]) => {
      let clock = NOW;
      let isAsked = false;
      const ports = await opened();
      const charge: typeof ports.charges.charge = (...args) => {
        isAsked = true;
        return ports.charges.charge(...args);
      };
      const limit = new RateLimit({ ...ports, charges: { charge }, now: () => clock });
      for (const { after, ...size } of flood) {
        clock += after;
        isAsked = false;
        const retryAfter = await refusalOf(limit, clock, size);
        // From memory comes the wait of another frame.
        if (retryAfter === undefined || !isAsked) continue;
        clock += retryAfter - 1;
        expect(await refusalOf(limit, clock, size)).toBe(1);
        clock += 1;
        expect(await refusalOf(limit, clock, size)).toBeUndefined();
      }
    };

    await fc.assert(fc.asyncProperty(frames, run), RUNS);
  });

  it('of several containers never admits more than burst, rate and shares, and charges a frame once', async () => {
    const run = async (flood: readonly Frame[]) => {
      let clock = NOW;
      let charges = 0;
      let charged = 0;
      let admitted = 0;
      const ports = await opened();
      const charge: typeof ports.charges.charge = async (connectionId, bill) => {
        charges += 1;
        const answer = await ports.charges.charge(connectionId, bill);
        if (answer.kind === 'charged') charged += bill.costMs;
        return answer;
      };
      const shared = { ...ports, charges: { charge }, now: () => clock };
      const containers = Array.from({ length: CONTAINERS }, () => new RateLimit(shared));

      for (const { after, container, ...size } of flood) {
        clock += after;
        const limit = containers[container];
        if (!limit) throw new Error('There is no such container');
        charges = 0;
        if ((await refusalOf(limit, clock, size)) === undefined) admitted += costOf(size);
        expect(charges).toBeLessThanOrEqual(1);
      }

      const elapsed = clock - NOW;
      expect(charged).toBeLessThanOrEqual(BURST_MS + elapsed);
      expect(admitted - charged).toBeLessThanOrEqual(CONTAINERS * SHARE * (SHARE_MS + elapsed));
    };

    await fc.assert(fc.asyncProperty(frames, run), RUNS);
  });
});
