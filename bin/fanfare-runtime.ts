/** Hands the local runtime what belongs to Fanfare: the app, its pages, and the readers of its frames and events. */

import type { Assembly, RuntimeOptions } from 'fanfare-local';
import { localConsoleSite } from '../console/console-site.ts';
import { detailMistake } from '../lib/event-detail.ts';
import { frameChannel } from '../lib/frame-channel.ts';
import { EXAMPLES_PATH, ExampleSite } from './examples/example-pages.ts';

/** The page for a person who has just started Fanfare. */
const TOUR = '/console/tour.html';

/** The options with Fanfare's parts as defaults. */
export function withFanfare(options: Partial<RuntimeOptions> = {}): RuntimeOptions {
  return {
    assemble: synthesizedApp,
    pages: localConsoleSite,
    morePages: new Map([[EXAMPLES_PATH, new ExampleSite()]]),
    home: TOUR,
    detailMistake,
    // Fanfare's functions depend on nothing that only a process has, and threads start sooner.
    isolation: 'threads',
    ...options,
    billing: { channelOf: frameChannel, ...options.billing },
  };
}

/** The module is loaded when the app is asked for, because it loads the CDK. */
async function synthesizedApp(outdir: string): Promise<Assembly> {
  const { synthesize } = await import('../lib/assembly/assembly.ts');
  return synthesize(outdir);
}
