/** What the local runtime is handed so that it serves Fanfare: the app, its pages, and the reading of its frames and events. */

import { localConsoleSite } from '../console/console-site.ts';
import { detailMistake } from '../lib/event-detail.ts';
import { frameChannel } from '../lib/frame-channel.ts';
import type { Assembly, RuntimeOptions } from '../packages/local/src/index.ts';
import { EXAMPLES_PATH, ExampleSite } from './examples/example-pages.ts';

/** The page that shows Fanfare to a person who has just started it. */
const TOUR = '/console/tour.html';

/** The options with what Fanfare hands in, unless they have it themselves. */
export function withFanfare(options: Partial<RuntimeOptions> = {}): RuntimeOptions {
  return {
    assemble: synthesizedApp,
    pages: localConsoleSite,
    morePages: new Map([[EXAMPLES_PATH, new ExampleSite()]]),
    home: TOUR,
    detailMistake,
    ...options,
    billing: { channelOf: frameChannel, ...options.billing },
  };
}

/** The module is loaded when the app is asked for, because it loads the CDK. */
async function synthesizedApp(outdir: string): Promise<Assembly> {
  const { synthesize } = await import('../lib/assembly/assembly.ts');
  return synthesize(outdir);
}
