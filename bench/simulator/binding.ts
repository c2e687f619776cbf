/** Decides from the counts which limit kept a broadcast from being faster. Pure. */

import type { Run } from './runs.ts';
import type { Scenario } from './scenarios.ts';

type Binding = 'quota' | 'environments' | 'budget' | 'start' | 'publisher';

export const bindingNames: Readonly<Record<Binding, string>> = {
  quota: "the account's quota",
  environments: "Lambda's concurrency",
  budget: 'the budget',
  start: 'the start of workers',
  publisher: 'the publisher alone',
};

/** Below this share of refusals, a quota does not limit the broadcast. */
const REFUSED_SHARE = 0.05;

/** The budget is the reason if the broadcast took hardly longer than its posts take at the full budget. */
const BUDGET_SHARE = 0.7;

export function bindingOf(
  { size, tally }: Run,
  { postsPerSecond }: Pick<Scenario, 'postsPerSecond'>,
): Binding {
  if (tally.throttled > REFUSED_SHARE * tally.posts) return 'quota';
  if (tally.starvations > 0) return 'environments';
  const fastestMs = (size * 1000) / postsPerSecond;
  if (fastestMs > BUDGET_SHARE * tally.lastSentMs) return 'budget';
  return tally.invocations > 1 ? 'start' : 'publisher';
}
