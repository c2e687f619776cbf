/** Facts about logs: no log group of the stage may contain a token of this run. */

import { type Fact, type Group, ONLY_ON_AWS, saw } from '../fact.ts';
import type { Visit } from '../visit.ts';
import { pollUntil } from '../within.ts';

/** CloudWatch shows a line some seconds after it was written. Milliseconds. */
const ARRIVAL_MS = 90_000;
const ASK_EVERY_MS = 3_000;

/** The end of a signature is enough to find the token. CloudTrail keeps requests to CloudWatch, so the request must not contain more of it. */
const SIGNATURE_PART = 20;

const MOMENT_MS = 60_000;

/** Waits until a connection of a moment ago is in the access log. Then all earlier ones are in it, too. */
const arrived: Fact = {
  name: 'lines-arrive',
  number: 'LG-1',
  expected: 'a connection of this run is in the access log, so that what is not found is not there',
  limitMs: ARRIVAL_MS + MOMENT_MS,
  async look(visit) {
    const { logs } = visit.stage;
    if (!logs) return ONLY_ON_AWS;
    const start = performance.now();
    await visit.signIn('logged');
    const ids = await visit.connectionsOf('logged');
    const groups = await pollUntil(
      ARRIVAL_MS,
      () => logs.groupsWith(ids, visit.run.startedAt),
      (found) => found.length > 0,
      ASK_EVERY_MS,
    );
    const seconds = Math.round((performance.now() - start) / 1000);
    return saw(ids.length > 0 && groups.length > 0, `in ${groups.length} log groups after ${seconds} s`);
  },
};

const noToken: Fact = {
  name: 'no-token',
  number: 'AU-12',
  expected: 'no line of a log of the stage has a token of this run',
  limitMs: 2 * MOMENT_MS,
  async look(visit) {
    const { logs } = visit.stage;
    if (!logs) return ONLY_ON_AWS;
    const parts = partsOf(visit);
    const found = await logs.groupsWith(parts, visit.run.startedAt);
    const names = found.length === 0 ? '' : `: ${found.join(', ')}`;
    return saw(
      found.length === 0,
      `${parts.length} tokens in ${found.length} of ${logs.groups.length} log groups${names}`,
    );
  },
};

function partsOf({ run }: Visit): readonly string[] {
  return run.tokens.signatures().map((signature) => signature.slice(-SIGNATURE_PART));
}

export const logs: Group = { facts: [arrived, noToken] };
