import { BURST_MS, BYTES_PER_SECOND, COMMANDS_PER_SECOND } from 'fanfare-protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import { costOf, RateLimit } from '../../../../lambdas/realtime/access/rate-limit.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../../memory/memory-ports.ts';

const command = { commands: 1, bytes: 0 };
/** As much as a connection may have at once. */
const burst = { commands: (COMMANDS_PER_SECOND * BURST_MS) / 1000, bytes: 0 };
/** The share of a container. */
const SHARE_COMMANDS = 15;
const ME = 'me=';

let ports: MemoryPorts;
let clock: number;
let charges: string[];

beforeEach(async () => {
  clock = NOW;
  charges = [];
  ports = memoryPorts();
  await ports.connections.open({ connectionId: ME, expiresAt: NOW }, []);
});

/** One of the containers that share the stores. */
function container(): RateLimit {
  const charge: typeof ports.charges.charge = (connectionId, bill) => {
    charges.push(connectionId);
    return ports.charges.charge(connectionId, bill);
  };
  return new RateLimit({ ...ports, charges: { charge }, now: () => clock });
}

const admit = (limit: RateLimit, size = command, connectionId = ME) =>
  limit.admit({ connectionId, receivedAt: clock }, size);

/** Admits frames until one needs the store; answers how many did not. */
async function useShare(limit: RateLimit, connectionId = ME): Promise<number> {
  charges = [];
  let admitted = 0;
  for (; charges.length === 0 && admitted < burst.commands; admitted++)
    await admit(limit, command, connectionId);
  return admitted - 1;
}

/** Uses the container's share and then the burst, to the last command. */
async function useAll(limit: RateLimit, connectionId = ME): Promise<void> {
  await useShare(limit, connectionId);
  await admit(limit, { ...burst, commands: burst.commands - 1 }, connectionId);
}

describe('the cost of a frame', () => {
  it.each([
    [{ commands: 1, bytes: 0 }, 1000 / COMMANDS_PER_SECOND],
    [{ commands: COMMANDS_PER_SECOND, bytes: 0 }, 1000],
    [{ commands: 0, bytes: BYTES_PER_SECOND }, 1000],
    [{ commands: COMMANDS_PER_SECOND, bytes: BYTES_PER_SECOND }, 2000],
    [{ commands: 1, bytes: 1 }, 1000 / COMMANDS_PER_SECOND + 1],
  ])('of %j is %i ms of the connection', (size, costMs) => {
    expect(costOf(size)).toBe(costMs);
  });
});

describe('the rate limit', () => {
  it('lets fifteen commands pass without a request, and asks once for each frame after that', async () => {
    const limit = container();

    expect(await useShare(limit)).toBe(SHARE_COMMANDS);
    for (let n = 0; n < 10; n++) await admit(limit);

    expect(charges).toHaveLength(11);
  });

  it('lets a twentieth of the rate pass without a request, for as long as it lasts', async () => {
    const limit = container();
    await useShare(limit);
    charges = [];

    for (let n = 0; n < 1_000; n++) {
      clock += 20 * costOf(command);
      await admit(limit);
    }

    expect(charges).toEqual([]);
  });

  it('gives every connection and every container a share of its own', async () => {
    await ports.connections.open({ connectionId: 'other', expiresAt: NOW }, []);
    const limit = container();
    const share = await useShare(limit);

    expect(await useShare(limit, 'other')).toBe(share);
    expect(await useShare(container())).toBe(share);
  });

  it('lets a connection that was quiet have the share and its burst at once, and then says when it may go on', async () => {
    const limit = container();

    await useAll(limit);

    await expect(admit(limit)).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfter: 10 * costOf(command),
    });
  });

  it('charges a connection that is over a second ahead once for each ten commands', async () => {
    const limit = container();
    await useShare(limit);
    await admit(limit, { commands: 50, bytes: 0 });
    charges = [];

    for (let n = 0; n < 30; n++) await admit(limit);

    expect(charges).toHaveLength(3);
  });

  it('drops prepaid commands when a connection becomes quiet', async () => {
    const limit = container();
    await useShare(limit);
    await admit(limit, { commands: 100, bytes: 0 });
    await admit(limit);
    clock += BURST_MS;

    expect(await useShare(limit)).toBe(SHARE_COMMANDS);
  });

  it('sends at most three requests for ten commands of a flood, and lets pass the rate without the share', async () => {
    const limit = container();
    await useAll(limit);
    charges = [];
    let admitted = 0;

    for (let n = 0; n < 10_000; n++) {
      clock += 2;
      await admit(limit).then(
        () => (admitted += 1),
        () => {},
      );
    }

    const allowed = 20 * COMMANDS_PER_SECOND;
    // The last ten of them pass one by one.
    expect(admitted).toBeGreaterThan(allowed - 10);
    expect(admitted).toBeLessThanOrEqual(allowed);
    expect(charges.length).toBeLessThanOrEqual(300);
  });

  it('releases the prepaid commands of a flood evenly, each after the time that one command costs', async () => {
    const limit = container();
    await useAll(limit);
    await expect(admit(limit)).rejects.toThrow();
    clock += 10 * costOf(command);
    await admit(limit);
    charges = [];

    for (let n = 0; n < 9; n++) {
      clock += costOf(command) - 1;
      await expect(admit(limit)).rejects.toMatchObject({ retryAfter: 1 });
      clock += 1;
      await admit(limit);
    }
    expect(charges).toEqual([]);
  });

  it('counts `retryAfter` from now, also for a frame that waited before', async () => {
    const limit = container();
    await useAll(limit);
    const receivedAt = clock;
    const size = { commands: 50, bytes: 0 };
    clock += 400;

    const late = limit.admit({ connectionId: ME, receivedAt }, size);

    await expect(late).rejects.toMatchObject({ retryAfter: costOf(size) - 400 });
  });

  it('remembers a flood, which then costs no request until it may go on', async () => {
    const limit = container();
    await useAll(limit);
    await expect(admit(limit)).rejects.toMatchObject({ code: 'rate-limited' });
    charges = [];

    for (let n = 0; n < 1_000; n++)
      await expect(admit(limit)).rejects.toMatchObject({ code: 'rate-limited' });
    expect(charges).toEqual([]);

    clock += 10 * costOf(command);
    await admit(limit);
    expect(charges).toEqual([ME]);
  });

  it('does not charge refused frames of a flood', async () => {
    const limit = container();
    await useAll(limit);
    for (let n = 0; n < 100; n++) await expect(admit(limit)).rejects.toThrow();

    clock += 2 * BURST_MS;

    await admit(limit, burst);
  });

  it('limits one connection and not its neighbour', async () => {
    await ports.connections.open({ connectionId: 'other', expiresAt: NOW }, []);
    const limit = container();
    await useAll(limit);
    await expect(admit(limit)).rejects.toThrow();

    await useAll(limit, 'other');
  });

  it('disconnects a forgotten connection that still sends, and answers busy (OR-6)', async () => {
    await ports.connections.remove(ME);
    const limit = container();
    await admit(limit, { commands: SHARE_COMMANDS, bytes: 0 });

    await expect(admit(limit)).rejects.toMatchObject({ code: 'busy', retryAfter: undefined });

    expect(ports.disconnected).toEqual([ME]);
  });

  it('looks once a minute whether a connection is stored, and at each charge of a session over HTTP', async () => {
    const looks: boolean[] = [];
    const charge: typeof ports.charges.charge = (connectionId, bill) => {
      looks.push(!bill.isKnown);
      return ports.charges.charge(connectionId, bill);
    };
    const limit = new RateLimit({ ...ports, charges: { charge }, now: () => clock });
    const large = { commands: SHARE_COMMANDS + 1, bytes: 0 };
    const pass = (more: { readonly leaseUntil?: number } = {}) =>
      limit.admit({ connectionId: ME, receivedAt: clock, ...more }, large);

    for (const later of [0, 59_999, 1]) {
      clock += later;
      await pass();
    }
    await pass({ leaseUntil: NOW });

    expect(looks).toEqual([true, false, true, true]);
  });

  it('refuses a frame that it could not charge', async () => {
    const charge = () => Promise.reject(new Error('no table'));
    const limit = new RateLimit({ ...ports, charges: { charge } });
    await admit(limit, { commands: SHARE_COMMANDS, bytes: 0 });

    await expect(admit(limit)).rejects.toThrow('no table');
  });

  it('remembers ten thousand connections at most', async () => {
    const limit = container();
    const others = async (from: number, to: number) => {
      for (let n = from; n < to; n++) await admit(limit, command, `other ${n}`);
    };
    await useShare(limit);

    await others(0, 9_999);
    charges = [];
    await admit(limit);
    expect(charges).toEqual([ME]);

    await others(9_999, 10_000);
    charges = [];
    await admit(limit);
    expect(charges).toEqual([]);
  });
});
