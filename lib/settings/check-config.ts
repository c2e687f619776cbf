/** Finds mistakes in `fanfare.config.ts` when the app is synthesized, and not when the first client connects. */

import { ownActionName } from 'fanfare-protocol/own-action';
import * as v from 'valibot';
import { HANDLER_BUDGET_MAX_MS } from '../../lambdas/own-logic/call.ts';
import { CONNECT_BUDGET_MAX_MS } from '../../lambdas/own-logic/connecting.ts';
import type { FanfareConfig, StageInfo } from '../../lambdas/realtime/access/namespaces.ts';
import { SettingError, settingOf } from './setting-error.ts';

const audience = v.picklist(
  ['anyone', 'signed-in', 'granted', 'owner', 'servers'],
  "it is one of 'anyone', 'signed-in', 'granted', 'owner' and 'servers'",
);

const NO_HISTORY = "it is 'none', or { hours } with a number above 0";
const history = v.union(
  [
    v.literal('none'),
    v.object({ hours: v.pipe(v.number(), v.gtValue(0, NO_HISTORY), v.finite(NO_HISTORY)) }),
  ],
  NO_HISTORY,
);

const NO_VALUES = 'it is { hours } with a number above 0';
const values = v.optional(
  v.object({ hours: v.pipe(v.number(NO_VALUES), v.gtValue(0, NO_VALUES), v.finite(NO_VALUES)) }, NO_VALUES),
);

const NO_PRESENCE = "it is 'none', or { lingerSeconds } with a number";
const presence = v.union([v.literal('none'), v.object({ lingerSeconds: v.number() })], NO_PRESENCE);

const delivery = v.optional(v.picklist(['direct', 'packed'], "it is 'direct' or 'packed'"));

const subscriptions = v.optional(v.picklist(['separate', 'grouped'], "it is 'separate' or 'grouped'"));
const edit = v.optional(v.picklist(['author', 'servers'], "it is 'author' or 'servers'"));

/** The longest window that Lambda takes for a stream. Seconds. */
const LONGEST_WINDOW = 300;

const WINDOW = `it is a whole number from 0 to ${LONGEST_WINDOW}`;
const packing = v.strictObject(
  {
    windowSeconds: v.pipe(
      v.number(WINDOW),
      v.integer(WINDOW),
      v.minValue(0, WINDOW),
      v.maxValue(LONGEST_WINDOW, WINDOW),
    ),
  },
  'packing has windowSeconds, for all packed namespaces of the stage',
);

const budget = (longestMs: number) => {
  const rule = `it is a whole number of milliseconds from 1 to ${longestMs.toLocaleString('en-US')}`;
  return v.optional(
    v.pipe(v.number(rule), v.integer(rule), v.minValue(1, rule), v.maxValue(longestMs, rule)),
  );
};

const handler = v.optional(v.function('a handler is a function'));

/** The types of arktype are functions, so a schema may be one. */
const standardSchema = v.custom(
  isStandardSchema,
  'it is a Standard Schema, such as those of valibot, zod and arktype',
);

function isStandardSchema(value: unknown): boolean {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject && '~standard' in value && v.is(v.object({ validate: v.function() }), value['~standard']);
}

const BUDGETS = 'budgetMs has onSubscribe and onPublish';
const budgets = v.strictObject(
  { onSubscribe: budget(HANDLER_BUDGET_MAX_MS), onPublish: budget(HANDLER_BUDGET_MAX_MS) },
  BUDGETS,
);

const rights = {
  subscribe: audience,
  publish: audience,
  members: audience,
  history,
  presence,
  values,
  delivery,
  subscriptions,
  edit,
};
const logic = {
  schema: v.optional(standardSchema),
  onSubscribe: handler,
  onPublish: handler,
  budgetMs: v.optional(budgets),
};

/** A misspelt handler would never run, so a name that is unknown is a mistake. */
const policy = v.strictObject({ ...rights, ...logic }, `a namespace has ${listed({ ...rights, ...logic })}`);

const namespace = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]+$/, 'the name of a namespace is made of A-Z, a-z, 0-9, _ and -'),
);

const ownAction = v.object({
  access: v.picklist(
    ['signed-in', 'any-token', 'anyone', 'servers'],
    "it is one of 'signed-in', 'any-token', 'anyone' and 'servers'",
  ),
  idempotent: v.boolean('it is true or false'),
  budgetMs: budget(HANDLER_BUDGET_MAX_MS),
  prepare: v.function('action(...) makes it'),
});

const parts = {
  namespaces: v.record(namespace, policy),
  builtIn: v.strictObject({ '@all': policy, '@user': policy }, 'builtIn has @all and @user'),
  actions: v.optional(v.record(ownActionName, ownAction)),
  packing: v.optional(packing),
  onConnect: handler,
  connectBudgetMs: budget(CONNECT_BUDGET_MAX_MS),
};

const schema = v.strictObject(parts, `the configuration has ${listed(parts)}`);

/**
 * @param file The path of the configuration, for the error.
 * @throws SettingError
 */
export function checkConfig(
  config: (stage: StageInfo) => FanfareConfig,
  stage: StageInfo,
  file = 'fanfare.config.ts',
): void {
  settingOf(schema, { file, name: '' }, declared(config, stage, file));
}

/** An error of `defineConfig` is a mistake in the file, and becomes a sentence. Any other error comes from the code in the file, and keeps its stack. */
function declared(
  config: (stage: StageInfo) => FanfareConfig,
  stage: StageInfo,
  file: string,
): FanfareConfig {
  try {
    return config(stage);
  } catch (error) {
    if (!(error instanceof Error) || error.constructor !== Error) throw error;
    throw new SettingError(`${file}: ${error.message}`);
  }
}

/** `a, b and c` */
function listed(entries: object): string {
  return new Intl.ListFormat('en-GB').format(Object.keys(entries));
}
