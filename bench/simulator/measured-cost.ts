/** The CPU time of a post, as `npm run bench fan-out` measured it. */

import { readFile } from 'node:fs/promises';
import * as v from 'valibot';

/** The part of the fan-out benchmark's figures that the simulator stands on. */
const figures = v.object({
  measuredOn: v.pipe(v.string(), v.isoDate()),
  tls: v.object({
    ours: v.object({ cpuMicrosPerPost: v.pipe(v.number(), v.gtValue(0)) }),
    sdk: v.object({ cpuMicrosPerPost: v.pipe(v.number(), v.gtValue(0)) }),
  }),
});

export interface MeasuredCost {
  readonly measuredOn: string;
  readonly oursMicrosPerPost: number;
  readonly sdkMicrosPerPost: number;
}

const FAN_OUT_FIGURES = new URL('../../docs/benchmarks/fan-out.json', import.meta.url);

/** @throws Error that says how to get the figures, when they are missing or of another shape. */
export async function measuredCost(file: URL = FAN_OUT_FIGURES): Promise<MeasuredCost> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(
      `The simulator needs the measured cost of a post from ${file.pathname}: run \`npm run bench fan-out\` first.`,
      { cause },
    );
  });
  const parsed = v.safeParse(figures, JSON.parse(text));
  if (!parsed.success) {
    throw new Error(
      `${file.pathname} is not what the simulator reads: ${JSON.stringify(v.flatten(parsed.issues))}. Run \`npm run bench fan-out\` again.`,
    );
  }
  const { measuredOn, tls } = parsed.output;
  return {
    measuredOn,
    oursMicrosPerPost: tls.ours.cpuMicrosPerPost,
    sdkMicrosPerPost: tls.sdk.cpuMicrosPerPost,
  };
}
