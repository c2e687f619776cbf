/**
 * The numbers of the limits, written out. Other tests take them from the constants, so a wrong constant would pass there. The
 * first table is API Gateway's: a change of ours cannot move these.
 */

import * as limits from 'fanfare-protocol/limits';
import { expect, it } from 'vitest';

it('those of API Gateway have its values', () => {
  expect(limits).toMatchObject({
    FRAME_BYTES: 32_768,
    MESSAGE_BYTES: 131_072,
    IDLE_TIMEOUT_MS: 600_000,
    CONNECTION_LIFETIME_MS: 7_200_000,
    INTEGRATION_TIMEOUT_MS: 29_000,
  });
});

it('those of commands have the values of the documentation', () => {
  expect(limits).toMatchObject({
    CHANNEL_LENGTH: 164,
    ID_LENGTH: 128,
    KEY_LENGTH: 128,
    USER_LENGTH: 158,
    JSON_DEPTH: 64,
    COMMANDS_PER_FRAME: 100,
    MESSAGES_PER_PUBLISH: 50,
    HISTORY_LIMIT: 50,
    HISTORY_LIMIT_MAX: 1_000,
    CHANNELS_PER_CONNECTION: 100,
    CHANNELS_PER_REQUEST: 100,
    CONNECTIONS_PER_USER: 100,
    COMMANDS_PER_SECOND: 50,
    BYTES_PER_SECOND: 1_048_576,
    SURPLUS_BYTES_PER_SECOND: 204_800,
    BURST_MS: 10_000,
  });
});

it('those of HTTP sessions have the values of the documentation', () => {
  expect(limits).toMatchObject({
    SESSION_LENGTH_MIN: 16,
    SESSION_LENGTH_MAX: 64,
    POLL_WAIT_SECONDS: 20,
    FRAMES_PER_POLL: 100,
    POLL_BYTES: 1_048_576,
    HTTP_SESSION_LEASE_MS: 120_000,
    SESSIONS_PER_ADDRESS: 10,
    OPENINGS_WINDOW_MS: 10_000,
    OPENINGS_PER_WINDOW: 200,
    OPENINGS_PER_SESSION: 3,
    QUIET_ANONYMOUS_STREAM_MS: 120_000,
    QUIET_STREAM_MS: 300_000,
  });
});

it('a token fits into the result that API Gateway takes from an authorizer', () => {
  expect(limits.GRANTS_BYTES + limits.INFO_BYTES).toBeLessThan(8_192);
});
