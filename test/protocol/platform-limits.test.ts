import { describe, expect, it } from 'vitest';
import * as platform from '../../packages/local/src/gateway/platform-limits.ts';
import * as protocol from '../../packages/protocol/src/limits.ts';

describe('the limits of the platform', () => {
  it.each([
    ['frames', protocol.FRAME_BYTES, platform.FRAME_BYTES],
    ['messages', protocol.MESSAGE_BYTES, platform.MESSAGE_BYTES],
    ['silence', protocol.IDLE_TIMEOUT_MS, platform.IDLE_TIMEOUT_MS],
    ['age', protocol.CONNECTION_LIFETIME_MS, platform.CONNECTION_LIFETIME_MS],
  ])('are the same in the protocol and in the local runtime for %s', (_what, stated, served) => {
    expect(stated).toBe(served);
  });
});
