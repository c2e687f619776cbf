/** Finds mistakes in `fanfare.config.ts` when the app is synthesized, and not when the first client connects. */

import * as v from 'valibot';
import type { FanfareConfig, StageInfo } from '../../lambdas/realtime/access/namespaces.ts';
import { SettingError, settingOf } from './setting-error.ts';

const FILE = 'fanfare.config.ts';

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

const NO_PRESENCE = "it is 'none', or { lingerSeconds } with a number";
const presence = v.union([v.literal('none'), v.object({ lingerSeconds: v.number() })], NO_PRESENCE);

const policy = v.object({ subscribe: audience, publish: audience, members: audience, history, presence });

const namespace = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]+$/, 'the name of a namespace is made of A-Z, a-z, 0-9, _ and -'),
);

const schema = v.object({
  namespaces: v.record(namespace, policy),
  builtIn: v.object({ '@all': policy, '@user': policy }),
});

/** @throws SettingError */
export function checkConfig(config: (stage: StageInfo) => FanfareConfig, stage: StageInfo): void {
  settingOf(schema, { file: FILE, name: '' }, declared(config, stage));
}

/** An error of `defineConfig` is a mistake in the file, and becomes a sentence. Any other error comes from the code in the file, and keeps its stack. */
function declared(config: (stage: StageInfo) => FanfareConfig, stage: StageInfo): FanfareConfig {
  try {
    return config(stage);
  } catch (error) {
    if (!(error instanceof Error) || error.constructor !== Error) throw error;
    throw new SettingError(`${FILE}: ${error.message}`);
  }
}
