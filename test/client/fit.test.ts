/** What one frame holds. */

import { expect, it } from 'vitest';
import { fitting } from '../../packages/client/src/lib/wire/frame-size.ts';

/** The limit of API Gateway: bytes in one frame. */
const FRAME_BYTES = 32_768;

/** The first one takes two bytes. */
const parts = [{ text: 'ä' }, { text: 'bc' }, { text: 'd' }];

it.each([
  [FRAME_BYTES - 'aa,bc,d'.length, 0, 3],
  [FRAME_BYTES - 'aa,bc,d'.length + 1, 0, 2],
  [FRAME_BYTES - 'aa,bc'.length, 0, 2],
  [FRAME_BYTES - 'aa,bc'.length + 1, 0, 1],
  [FRAME_BYTES - 'aa'.length, 0, 1],
  [FRAME_BYTES - 'aa'.length + 1, 0, 0],
  [FRAME_BYTES - '..aa,..bc,..d'.length, 2, 3],
  [FRAME_BYTES - '..aa,..bc,..d'.length + 1, 2, 2],
])('with %i bytes around all of them and %i beside each, %i of three parts fit', (around, each, count) => {
  expect(fitting(parts, around, 0, each)).toEqual(parts.slice(0, count));
});

it('a small part waits behind a part that does not fit', () => {
  const large = { text: 'x'.repeat(FRAME_BYTES) };

  expect(fitting([{ text: 'a' }, large, { text: 'b' }], 0)).toEqual([{ text: 'a' }]);
});
