import { expect, it } from 'vitest';
import { tries } from '../../running/counts.ts';
import { presenceChaos } from './chaos.ts';

/** Ten rooms of twenty users with three tabs each; minutes on a laptop, so only on request: `PRESENCE_CHAOS=full`. */
const full = { rooms: 10, usersPerRoom: 20, connects: 1_400 };

const small = {
  rooms: tries({ short: 2, long: 3 }),
  usersPerRoom: tries({ short: 7, long: 12 }),
  connects: tries({ short: 60, long: 200 }),
};

const size = process.env['PRESENCE_CHAOS'] === 'full' ? full : small;
const tabsPerUser = tries({ short: 2, long: 3 });

it('after chaos every observer knows the members, although tabs came, left, were cut off and died', async () => {
  const users = size.rooms * size.usersPerRoom;
  const started = performance.now();
  const result = await presenceChaos({
    ...size,
    seed: 7,
    tabsPerUser,
    connectsPerKill: tries({ short: 6, long: 20 }),
  });

  const { wrong, outOfTurn, ...figures } = result;
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`Presence under chaos: ${JSON.stringify({ ...figures, seconds })}\n`);
  expect({ wrong, outOfTurn }).toEqual({ wrong: [], outOfTurn: [] });
  expect(result).toMatchObject({ connects: users * tabsPerUser + size.connects, twice: 0 });
  expect(result.closed).toBeLessThan(size.rooms);
  expect(result.here + result.away).toBe(users);
  expect(Math.min(result.here, result.away, result.cuts, result.kills)).toBeGreaterThan(2);
});
