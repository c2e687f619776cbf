/** Runs the related tests of a mutant: the nearest first, and further ones while there is time. */

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { applied, type Mutant } from './mutants-of.ts';
import { runTests, type TestRun } from './run-tests.ts';

export type Verdict =
  | { readonly kind: 'found'; readonly by: string }
  /** All related tests pass. */
  | { readonly kind: 'survived'; readonly ran: number }
  /** `ran` of the related tests passed before the time was over. */
  | { readonly kind: 'undecided'; readonly ran: number; readonly related: number };

type BatchResult = Extract<Verdict, { kind: 'found' }> | { readonly kind: 'passed' | 'late' };

export interface TrialOptions {
  readonly seconds: number;
  readonly jobs: number;
  readonly onNote: (sentence: string) => void;
}

/** The nearest tests find most mutants. Each start of Vitest takes seconds, so later batches are larger. */
const FIRST_BATCH = 3;
const LARGEST_BATCH = 24;

export class Trial {
  private readonly root: string;
  private readonly options: TrialOptions;
  /** Whether a test file passes without a change. Some need a browser, or other packages than the installed ones. */
  private readonly passes = new Map<string, boolean>();

  constructor(root: string, options: TrialOptions) {
    this.root = root;
    this.options = options;
  }

  async judge(mutant: Mutant, tests: readonly string[]): Promise<Verdict> {
    const until = performance.now() + this.options.seconds * 1000;
    const related = tests.length;
    let [ran, next] = [0, 0];
    for (let size = FIRST_BATCH; next < related; size = Math.min(3 * size, LARGEST_BATCH)) {
      const batch = tests.slice(next, next + size);
      const result = await this.tryBatch(mutant, batch, until);
      if (result.kind === 'found') return result;
      if (result.kind === 'late')
        return next === 0 ? this.hang(batch, related) : { kind: 'undecided', ran, related };
      ran += batch.filter((test) => this.isUsable(test)).length;
      next += size;
    }
    return { kind: 'survived', ran };
  }

  private async tryBatch(mutant: Mutant, batch: readonly string[], until: number): Promise<BatchResult> {
    const usable = batch.filter((test) => this.isUsable(test));
    const seconds = (until - performance.now()) / 1000;
    if (usable.length === 0) return { kind: 'passed' };
    if (seconds < 1) return { kind: 'late' };
    const run = await this.withMutant(mutant, usable, seconds);
    if (run.kind !== 'failed') return run;
    for (const file of run.files) if (await this.passesUnchanged(file)) return { kind: 'found', by: file };
    // The failed files would fail without the mutant, too. The others were stopped with them.
    return this.tryBatch(mutant, usable, until);
  }

  private isUsable(test: string): boolean {
    return this.passes.get(test) !== false;
  }

  private async withMutant(mutant: Mutant, batch: readonly string[], seconds: number): Promise<TestRun> {
    const file = path.join(this.root, mutant.file);
    const source = readFileSync(file, 'utf8');
    writeFileSync(file, applied(source, mutant));
    try {
      return await runTests(this.root, batch, { ...this.options, seconds });
    } finally {
      writeFileSync(file, source);
    }
  }

  /** A mutant with which the nearest tests do not end is found, if they take less than half of that time without it. */
  private async hang(batch: readonly string[], related: number): Promise<Verdict> {
    const { kind } = await runTests(this.root, batch, { ...this.options, seconds: this.options.seconds / 2 });
    if (kind !== 'passed') return { kind: 'undecided', ran: 0, related };
    return { kind: 'found', by: `${batch.join(', ')}: no longer at an end` };
  }

  private async passesUnchanged(file: string): Promise<boolean> {
    const known = this.passes.get(file);
    if (known !== undefined) return known;
    const { kind } = await runTests(this.root, [file], this.options);
    this.passes.set(file, kind === 'passed');
    if (kind !== 'passed') this.options.onNote(`${file} is not counted: it fails when nothing is changed`);
    return kind === 'passed';
  }
}
