/** `npm run -s smoke`: proves that a stage does what it should, fact by fact. */

import { parseSmokeOptions, SMOKE_USAGE } from '../smoke/options.ts';
import { runCommand } from './command-line.ts';
import { runSmoke } from './run-smoke.ts';

await runCommand(
  async (args) =>
    runSmoke(parseSmokeOptions(args), async (options, terms) => {
      const { stage, url } = options;
      if (stage === undefined) return (await import('../smoke/smoke.ts')).stageByUrl(options, terms);
      const { deployedStage } = await import('../smoke/aws/deployed-stage.ts');
      return deployedStage(stage, url, terms);
    }),
  SMOKE_USAGE,
);
