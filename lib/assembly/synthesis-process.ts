/** The process in which `synthesize-apart.ts` synthesizes the app. It reports its steps and its errors to its parent. */

import type { SynthesisMessage } from './synthesize-apart.ts';

process.env['CDK_VALIDATION'] ??= 'false';
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// Without a parent, the result is for no reader.
process.once('disconnect', () => process.exit(1));

const tell = (message: SynthesisMessage) => void process.send?.(message);

try {
  // Inside, because a mistake in fanfare.config.ts can already show when it is loaded.
  const { writeAssembly } = await import('./assembly.ts');
  const [outdir = ''] = process.argv.slice(2);
  await writeAssembly(outdir, { onStep: (step) => tell({ step }) });
} catch (error) {
  const { sentenceOfMistake } = await import('fanfare-local/terminal');
  const mistake = sentenceOfMistake(error);
  if (mistake === undefined) throw error;
  tell({ mistake });
  process.exitCode = 1;
}
process.removeAllListeners('disconnect');
process.disconnect();
