/** Leaks by a function in a local runtime. */

import { it } from 'vitest';
import { serveFunctions } from '../../local/serve-functions.ts';
import { recordSecret } from '../evidence.ts';

it('has a function print its secret', async () => {
  recordSecret('planted-in-a-function');
  const source = 'export const handler = async () => console.log("This is planted-in-a-function.");';

  const { runtime, output } = await serveFunctions({ Leaky: source });
  await runtime.functions.invoke('Leaky', {});

  await output.next();
});
