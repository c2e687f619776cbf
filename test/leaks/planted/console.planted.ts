/** Leaks by the console of a test. */

import { it } from 'vitest';
import { recordSecret } from '../evidence.ts';

it('prints its secret to the console', () => {
  recordSecret('planted-in-the-console');
  // biome-ignore lint/suspicious/noConsole: it is the leak.
  console.log('This is planted-in-the-console.');
});
