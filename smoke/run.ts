/** Runs groups of facts against a stage, in order, and reports each result as it comes. */

import { randomBytes } from 'node:crypto';
import { FACT_LIMIT_MS, type Fact, type Group, type Sighting, saw, skipped } from './fact.ts';
import { NotShown, Refused } from './not-shown.ts';
import { factLine, groupLine } from './report.ts';
import { type FactResult, type GroupResult, type SmokeResult, summedUp, verdictOf } from './result.ts';
import type { Stage } from './stage.ts';
import { Tokens } from './tokens.ts';
import { usersOf } from './users.ts';
import { type Run, Visit } from './visit.ts';
import { within } from './within.ts';

export type NamedGroups = readonly (readonly [name: string, group: Group])[];

export async function runGroups(
  stage: Stage,
  groups: NamedGroups,
  print: (line: string) => void,
): Promise<SmokeResult> {
  const startedAt = Date.now();
  const tokens = new Tokens(stage);
  const id = randomBytes(4).toString('hex');
  const run: Run = { id, stage, tokens, users: await usersOf(stage, tokens, id), startedAt };
  const results: GroupResult[] = [];
  for (const [name, group] of groups) results.push(await runGroup(run, name, group, print));
  const about = { stage: stage.name, url: stage.url, startedAt: new Date(startedAt).toISOString() };
  return summedUp({ ...about, ms: Date.now() - startedAt }, results);
}

async function runGroup(
  run: Run,
  name: string,
  { facts, together = false }: Group,
  print: (line: string) => void,
): Promise<GroupResult> {
  const look = async (fact: Fact) => {
    const result = await runFact(run, name, fact);
    print(factLine(name, result));
    return result;
  };
  const results: FactResult[] = together ? await Promise.all(facts.map(look)) : [];
  if (!together) for (const fact of facts) results.push(await look(fact));
  const result = { group: name, verdict: verdictOf(results.map(({ status }) => status)), facts: results };
  print(groupLine(result));
  return result;
}

/** Every error in a fact becomes a failure of this fact with a sentence, or the reason for which it is skipped. */
async function runFact(run: Run, group: string, fact: Fact): Promise<FactResult> {
  const { name, number, expected, limitMs = FACT_LIMIT_MS } = fact;
  const visit = new Visit(run, `${group}/${name}`);
  const start = performance.now();
  const sighting = await within(limitMs, 'what was expected', look(fact, visit)).catch((error: unknown) =>
    sightingOf(error, run.stage),
  );
  const ms = Math.round(performance.now() - start);
  await visit.leave();
  const { status, seen } = sighting;
  return {
    name,
    ...(number !== undefined && { number }),
    expected,
    status,
    seen: run.tokens.redact(seen),
    ms,
  };
}

/** Errors that are thrown before the first `await` also become a rejection. */
async function look(fact: Fact, visit: Visit): Promise<Sighting> {
  return fact.look(visit);
}

/** A rule of the application is no fault of the stage. Without such rules, a refusal is a failure. */
function sightingOf(error: unknown, { places }: Stage): Sighting {
  if (error instanceof NotShown) return skipped(error.message);
  if (error instanceof Refused && places.hasRules)
    return skipped(`a rule of the application may refuse it: ${error.message}`);
  return saw(false, sentenceOf(error));
}

/** The message of `fetch` is only "fetch failed"; the reason is in its cause. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return `an error: ${String(error)}`;
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `an error: ${error.message}${cause}`;
}
