/** Leaks nothing. */

import { it } from 'vitest';
import { recordSecret } from '../evidence.ts';

it('keeps its secret', () => {
  recordSecret('kept-to-itself');
  process.stdout.write('Nothing to see.\n');
});
