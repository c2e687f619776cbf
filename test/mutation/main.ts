/** `npm run mutants`: plants random mistakes in a copy of the source, one at a time, and says which of them no test finds. */

import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { CommandLineError, runCommand } from '../../bin/command-line.ts';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import { type Tree, treeOfFolder } from '../house/tree.ts';
import { copyOf } from './copy.ts';
import { diffOf, type Mutant, mutantsOf } from './mutants-of.ts';
import { relatedTests } from './related-tests.ts';
import { Trial, type Verdict } from './trial.ts';

const USAGE = `npm run mutants -- [options] [folders or files]
  --seed <number>      repeats the choices of a run
  --count <number>     how many mutants (20)
  --since <revision>   only files that have changed since then
  --seconds <number>   the longest that the tests of one mutant may take (300)
  --jobs <number>      workers of Vitest (1)
  --help               this text`;

/** The mutated code: the source that is deployed or installed. */
const SOURCES = /^(lambdas|lib|packages\/[^/]+\/src)\/.*\.(ts|mjs)$/;

function optionsOf(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      count: { type: 'string', default: '20' },
      since: { type: 'string' },
      seconds: { type: 'string', default: '300' },
      jobs: { type: 'string', default: '1' },
    },
  });
  return {
    seed: natural('seed', values.seed),
    count: natural('count', values.count),
    seconds: natural('seconds', values.seconds),
    jobs: natural('jobs', values.jobs),
    since: values.since,
    places: positionals,
  };
}

function natural(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new CommandLineError(`--${name} takes a number.\n\n${USAGE}`);
  return Number(text);
}

// The copy is deleted, and the tests in it end, when this process ends by itself.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

await runCommand(async (args) => {
  const { seed, count, since, places, seconds, jobs } = optionsOf(args);
  const tree = treeOfFolder('.');
  const chosen = choose(mutantsIn(tree, since, places), count, randomFrom(seed));
  if (chosen.length === 0) throw new CommandLineError(`There is nothing to change.\n\n${USAGE}`);
  const startedAt = performance.now();
  const verdicts = await tried(chosen, tree, { seconds, jobs });
  const taken = Math.round((performance.now() - startedAt) / 1000);
  const of = (kind: Verdict['kind']) => chosen.filter((mutant) => verdicts.get(mutant)?.kind === kind);
  const [found, survived, undecided] = [of('found'), of('survived'), of('undecided')];
  const share = Math.floor((100 * found.length) / Math.max(1, found.length + survived.length));
  return [
    ...survived.map((mutant) => `${diffOf(tree.get(mutant.file) ?? '', mutant)}\n`),
    `found ${found.length} (${share} % of those decided), survived ${survived.length}, undecided ${undecided.length}`,
    `seed ${seed}, ${taken} seconds`,
  ].join('\n');
}, USAGE);

function mutantsIn(tree: Tree, since: string | undefined, places: readonly string[]): Mutant[] {
  const changed = since === undefined ? undefined : new Set(changedSince(since));
  const isWanted = (file: string) =>
    (changed?.has(file) ?? true) && (places.length === 0 || places.some((place) => file.startsWith(place)));
  return [...tree].flatMap(([file, source]) =>
    SOURCES.test(file) && isWanted(file) ? mutantsOf(file, source) : [],
  );
}

function changedSince(revision: string): string[] {
  const args = ['diff', '--name-only', revision, '--'];
  return execFileSync('git', args, { encoding: 'utf8' }).split('\n');
}

/** Without one twice. */
function choose(mutants: readonly Mutant[], count: number, random: () => number): Mutant[] {
  const left = [...mutants];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1),
  ).flat();
}

async function tried(
  mutants: readonly Mutant[],
  tree: Tree,
  options: { readonly seconds: number; readonly jobs: number },
): Promise<Map<Mutant, Verdict>> {
  const testsOf = relatedTests(tree, process.cwd());
  const trial = new Trial(copyOf('.'), { ...options, onNote: note });
  const verdicts = new Map<Mutant, Verdict>();
  for (const mutant of mutants) {
    const verdict = await trial.judge(mutant, testsOf(mutant.file));
    verdicts.set(mutant, verdict);
    note(`${placeOf(mutant, tree)} ${sentence(verdict)}`);
  }
  return verdicts;
}

function note(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function placeOf({ file, kind, start, replacement }: Mutant, tree: Tree): string {
  const line = (tree.get(file) ?? '').slice(0, start).split('\n').length;
  return `${file}:${line} ${kind} ${JSON.stringify(replacement)}`;
}

function sentence(verdict: Verdict): string {
  if (verdict.kind === 'found') return `found by ${verdict.by}`;
  if (verdict.kind === 'survived') return `SURVIVED ${verdict.ran} related tests`;
  return `undecided: ${verdict.ran} of ${verdict.related} related tests ran in time`;
}
