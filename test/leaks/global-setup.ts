/** Keeps the evidence of a run of the tests, and fails the run when its output contains a token or a secret. */

import type { TestProject } from 'vitest/node';
import { isLong } from '../running/counts.ts';
import { openEvidence, recordOutput, removeEvidence, takeEvidence } from './evidence.ts';
import { faultOf } from './verdict.ts';

export default async function setup(project: TestProject) {
  const folder = await openEvidence();
  // Here comes the text that tests write to their own output, past their console, and the reports of failures.
  for (const stream of [process.stdout, process.stderr]) record(stream);
  return async () => {
    const fault = faultOf(await takeEvidence(folder), { isWhole: await isWhole(project) });
    if (fault === undefined) return removeEvidence(folder);
    // Vitest prints the error of a teardown, but would still exit with 0.
    process.exitCode = 1;
    throw new Error(fault);
  };
}

function record(stream: NodeJS.WriteStream): void {
  stream.write = new Proxy(stream.write, {
    apply(write, self, written: Parameters<typeof stream.write>) {
      recordOutput('tests', Buffer.from(written[0]).toString());
      return Reflect.apply(write, self, written);
    },
  });
}

/** True when every test ran: a single file may well use no secret. */
async function isWhole({ vitest }: TestProject): Promise<boolean> {
  const all = await vitest.globTestSpecifications();
  const ran = new Set(vitest.state.getFilepaths());
  return (
    !isLong && vitest.config.testNamePattern === undefined && all.every(({ moduleId }) => ran.has(moduleId))
  );
}
