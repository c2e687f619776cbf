/** A channel that is too wide for its publisher, at a size that a test can afford; `npm run bench wide-channel` takes more. */

import { describe, expect, it } from 'vitest';
import { serveWideChannel } from './wide-channel.ts';

describe('a wide channel', () => {
  it('has grown shards, and serves each message once to each subscriber although workers die', async () => {
    const result = await serveWideChannel({ subscribers: 2_500, messages: 2 });

    expect(result.shards).toBeGreaterThanOrEqual(2);
    expect(result.kills).toBe(2);
    expect(result.wrong).toBe(0);
  });
});
