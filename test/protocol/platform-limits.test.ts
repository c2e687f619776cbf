import { describe, expect, it } from 'vitest';
import * as platform from '../../packages/local/src/gateway/platform-limits.ts';
import * as protocol from '../../packages/protocol/src/limits.ts';

describe('the limits of the platform', () => {
  it.each(['FRAME_BYTES', 'MESSAGE_BYTES', 'IDLE_TIMEOUT_MS', 'CONNECTION_LIFETIME_MS'] as const)(
    'are the same in the protocol and in the local runtime: %s',
    (name) => {
      expect(protocol[name]).toBe(platform[name]);
    },
  );
});
