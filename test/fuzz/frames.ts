/** Generates frames that clients may send: commands, arrays of commands, damaged commands, and other texts. */

import { CHANNEL_LENGTH, COMMANDS_PER_FRAME } from 'fanfare-protocol/limits';
import fc from 'fast-check';
import { command, rightCommand } from './commands.ts';
import { text } from './json-objects.ts';
import { anyString, anyText, around, asReceived, damaged } from './json-text.ts';

const several = fc
  .array(command, { minLength: 0, maxLength: 4 })
  .map((commands) => `[${commands.join(' ,')}]`);

/** Around the largest number of commands in a frame. The commands are cheap, because others would take most of the run. */
const many = fc
  .tuple(
    around(COMMANDS_PER_FRAME, 2),
    fc.constantFrom(
      '{"action":"ping","id":1}',
      '{"action":"publish","channel":"nope:a","data":1}',
      '1',
      '[]',
    ),
  )
  .map(([count, one]) => `[${Array(count).fill(one).join()}]`);

/** As large as replies can get: errors that echo as much as they may. */
const echoes = fc
  .tuple(
    around(COMMANDS_PER_FRAME, 1),
    fc.constantFrom('subscribe', 'history', 'publish', 'members'),
    fc.constantFrom('nope:', '@user:'),
  )
  .map(([count, name, start]) => {
    const one = text({
      action: name,
      id: '\u0000'.repeat(128),
      channel: start.padEnd(CHANNEL_LENGTH, 'x'),
      data: 1,
    });
    return `[${Array(count).fill(one).join()}]`;
  });

/** Commands whose bytes were changed on the way, and bytes that never were a text. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 48 }).map(asReceived),
  fc.tuple(command, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 })).map(([whole, at, change]) => {
    const sent = Buffer.from(whole);
    sent.set(
      change.subarray(0, sent.length),
      Math.max(0, Math.min(at % sent.length, sent.length - change.length)),
    );
    return asReceived(sent);
  }),
);

/** `undefined` is an empty message, whose event has no body (RT-5). */
export const frame: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 480, arbitrary: command },
  { weight: 8, arbitrary: rightCommand },
  { weight: 120, arbitrary: several },
  { weight: 180, arbitrary: damaged(command) },
  { weight: 60, arbitrary: anyText },
  { weight: 90, arbitrary: bytes },
  { weight: 20, arbitrary: anyString(40) },
  { weight: 4, arbitrary: many },
  { weight: 1, arbitrary: echoes },
  { weight: 5, arbitrary: fc.constantFrom(undefined, '', ' ', 'null', '[]', '{}', '"x"', '42') },
);
