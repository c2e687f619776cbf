/** Leaks by the output of a test's process. */

import { it } from 'vitest';
import { recordSecret } from '../evidence.ts';

it('writes its secret to the standard output', () => {
  recordSecret('planted-in-the-output');
  process.stdout.write('This is planted-in-the-output.\n');
});
