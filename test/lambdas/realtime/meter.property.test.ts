import { ProtocolError } from 'fanfare-protocol/errors';
import {
  BURST_MS,
  BYTES_PER_SECOND,
  COMMANDS_PER_FRAME,
  COMMANDS_PER_SECOND,
  MESSAGE_BYTES,
  SURPLUS_BYTES_PER_SECOND,
} from 'fanfare-protocol/limits';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { surplusCost } from '../../../lambdas/realtime/access/meter.ts';
import { costOf, type FrameSize, RateLimit } from '../../../lambdas/realtime/access/rate-limit.ts';
import { memoryPorts, NOW } from '../../memory/memory-ports.ts';

const ME = 'me=';
const CONTAINERS = 4;
/** The share of a container: a part of the rate, and how many seconds' worth of it at once. */
const SHARE = 0.05;
const SHARE_SECONDS = 6;

interface Step {
  /** Milliseconds since the frame before. */
  readonly after: number;
  readonly container: number;
  readonly commands: number;
  readonly bytes: number;
  /** Of each thing that leaves because of the frame. */
  readonly out: readonly number[];
}

const step: fc.Arbitrary<Step> = fc.record({
  after: fc.oneof({ weight: 8, arbitrary: fc.nat(50) }, { weight: 1, arbitrary: fc.nat(2 * BURST_MS) }),
  container: fc.nat(CONTAINERS - 1),
  commands: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: COMMANDS_PER_FRAME })),
  bytes: fc.oneof(fc.nat(200), fc.nat(MESSAGE_BYTES)),
  out: fc.array(fc.oneof(fc.nat(300), fc.nat(MESSAGE_BYTES)), { maxLength: 5 }),
});

const steps = fc.array(step, { minLength: 1, maxLength: 200, size: 'max' });

const RUNS = { numRuns: 200, interruptAfterTimeLimit: 10_000 };

/** The frames that four containers with a common table let through. */
async function trafficOf(sequence: readonly Step[]) {
  let clock = NOW;
  const ports = memoryPorts();
  await ports.connections.open({ connectionId: ME, expiresAt: NOW }, []);
  const limits = Array.from({ length: CONTAINERS }, () => new RateLimit({ ...ports, now: () => clock }));
  let bytesIn = 0;
  let bytesOut = 0;
  for (const { after, container, commands, bytes, out } of sequence) {
    clock += after;
    const meter = await admitted(limits[container], clock, { commands, bytes });
    if (!meter) continue;
    bytesIn += bytes;
    for (const leaving of out) if (await isAllowed(meter.spend(leaving))) bytesOut += leaving;
  }
  return { bytesIn, bytesOut, elapsedMs: clock - NOW };
}

async function admitted(limit: RateLimit | undefined, receivedAt: number, size: FrameSize) {
  const admission = limit?.admit({ connectionId: ME, receivedAt }, size);
  return admission && (await isAllowed(admission)) ? admission : undefined;
}

/** Whether the limit allows it. Every other error fails the test. */
async function isAllowed(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'rate-limited') return false;
    throw error;
  }
}

describe('the bytes that leave because of a connection, for random frames and times', () => {
  it('never exceed the bytes that came in and the surplus of the time that went by', async () => {
    const run = async (sequence: readonly Step[]) => {
      const traffic = await trafficOf(sequence);
      const seconds = (traffic.elapsedMs + BURST_MS) / 1000;
      const shares = CONTAINERS * SHARE * (SHARE_SECONDS + traffic.elapsedMs / 1000);
      expect(traffic.bytesOut).toBeLessThanOrEqual(
        traffic.bytesIn + SURPLUS_BYTES_PER_SECOND * (seconds + shares),
      );
      expect(traffic.bytesIn).toBeLessThanOrEqual(BYTES_PER_SECOND * (seconds + shares));
    };

    await fc.assert(fc.asyncProperty(steps, run), RUNS);
  });

  it('cost no more than its commands if they stay within what the commands cover', async () => {
    const within = fc.array(
      fc.record({ commands: fc.integer({ min: 1, max: 100 }), bytes: fc.nat(MESSAGE_BYTES) }),
      { minLength: 1, maxLength: 30 },
    );
    const run = async (frames: readonly { readonly commands: number; readonly bytes: number }[]) => {
      let charged = 0;
      const ports = memoryPorts();
      await ports.connections.open({ connectionId: ME, expiresAt: NOW }, []);
      const charge: typeof ports.charges.charge = async (connectionId, bill) => {
        charged += 1;
        return ports.charges.charge(connectionId, bill);
      };
      let clock = NOW;
      const limit = new RateLimit({ ...ports, charges: { charge }, now: () => clock });
      for (const size of frames) {
        clock += 2 * BURST_MS;
        const meter = await limit.admit({ connectionId: ME, receivedAt: clock }, size);
        charged = 0;
        const covered = (size.commands * SURPLUS_BYTES_PER_SECOND) / COMMANDS_PER_SECOND;
        await meter.spend(Math.floor((size.bytes + covered) / 2));
        await meter.spend(Math.floor((size.bytes + covered) / 2));
        expect(charged).toBe(0);
      }
    };

    await fc.assert(fc.asyncProperty(within, run), RUNS);
  });

  it('are paid after a refusal before they are read again, at the very millisecond that was named', async () => {
    const run = async (size: { readonly commands: number; readonly bytes: number }, leaving: number) => {
      fc.pre(surplusCost(leaving - size.bytes) > (size.commands * 1000) / COMMANDS_PER_SECOND);
      let clock = NOW;
      const ports = memoryPorts();
      await ports.connections.open({ connectionId: ME, expiresAt: NOW }, []);
      // The whole cost except that of the frame itself.
      await ports.charges.charge(ME, {
        costMs: BURST_MS - costOf(size),
        burstMs: BURST_MS,
        now: NOW,
        isBusy: false,
        isKnown: false,
      });
      const limit = new RateLimit({ ...ports, now: () => clock });
      const received = () => ({ connectionId: ME, receivedAt: clock });
      // The share.
      await limit.admit(received(), { commands: 15, bytes: 0 });
      const meter = await limit.admit(received(), size);
      const refusal: unknown = await meter.spend(leaving).catch((error: unknown) => error);
      if (!(refusal instanceof ProtocolError)) throw new Error('It was not refused');

      clock += (refusal.retryAfter ?? 0) - 1;
      expect(await isAllowed(limit.admit(received(), size))).toBe(false);
      clock += 1;
      const again = await limit.admit(received(), size);
      const charge = () => Promise.reject(new Error('It is paid already'));
      Object.assign(ports.connections, { charge });
      await again.spend(leaving);
    };

    const size = fc.record({ commands: fc.integer({ min: 1, max: 30 }), bytes: fc.nat(1_000) });
    await fc.assert(fc.asyncProperty(size, fc.nat(MESSAGE_BYTES), run), RUNS);
  });
});
