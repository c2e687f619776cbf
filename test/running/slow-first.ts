/** The order of test files: those with a process of their own first, and within each kind the slow ones first. */

import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { kinds } from './kinds.ts';
import { SLOW_FILES } from './slow-files.ts';

/** A process is passed on only between files of one kind that follow each other. */
const kindOrder: readonly string[] = kinds;

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const secondsOf = ({ moduleId }: TestSpecification) =>
      SLOW_FILES[path.relative(this.ctx.config.root, moduleId).split(path.sep).join('/')] ?? 0;
    const rankOf = ({ project }: TestSpecification) => kindOrder.indexOf(project.name);
    return files.toSorted((one, other) => rankOf(one) - rankOf(other) || secondsOf(other) - secondsOf(one));
  }
}
