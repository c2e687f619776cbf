/** The outcome of a transport that follows from the end of a socket. */

import { expect, it } from 'vitest';
import { outcomeOf } from '../../../packages/client/src/lib/fallback/outcome.ts';

const STABLE_MS = 10_000;

it.each([
  ['failed', 'never opened', { code: 1006, isOurs: false, isMute: false }],
  ['unknown', 'was given up before it opened', { code: 1000, isOurs: true, isMute: false }],
  [
    'failed',
    'was cut just before it was stable',
    { code: 1006, isOurs: false, isMute: false, openMs: 9_999 },
  ],
  ['good', 'was cut when it was just stable', { code: 1006, isOurs: false, isMute: false, openMs: 10_000 }],
  ['unknown', 'was closed from here early', { code: 1000, isOurs: true, isMute: false, openMs: 9_999 }],
  ['good', 'was closed from here late', { code: 1000, isOurs: true, isMute: false, openMs: 10_000 }],
  [
    'failed',
    'was given up, and never said a word',
    { code: 1000, isOurs: true, isMute: true, openMs: 15_000 },
  ],
  [
    'good',
    'was cut late while the first reply was due',
    { code: 1006, isOurs: false, isMute: true, openMs: 10_000 },
  ],
  ['failed', 'fell silent, however old', { code: 4408, isOurs: false, isMute: false, openMs: 60_000 }],
  ['refused', 'was refused for its token', { code: 4401, isOurs: false, isMute: false }],
  ['refused', 'was refused for its page', { code: 4403, isOurs: false, isMute: false }],
  ['unknown', 'was admitted, and its token ended', { code: 4401, isOurs: false, isMute: false, openMs: 1 }],
  ['failed', 'was refused for there is too much', { code: 4429, isOurs: false, isMute: false }],
  ['failed', 'was forgotten soon', { code: 4410, isOurs: false, isMute: false, openMs: 1 }],
] as const)('it is %s if the socket %s', (outcome, _, ending) => {
  expect(outcomeOf(ending, STABLE_MS)).toBe(outcome);
});
