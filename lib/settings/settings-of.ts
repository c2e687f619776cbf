/** Completes what an app says about a Fanfare to the settings of a stage, with safe defaults. */

import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { completeIssuer } from '../../lambdas/identity/issuer.ts';
import { isLocalStage } from '../../lambdas/realtime/access/stage-info.ts';
import type { FanfareDomain, FanfareProps } from '../fanfare-props.ts';
import { accountQuotas } from './account-quotas.ts';
import { ALARMS, checkAlarms } from './alarm-settings.ts';
import { IF_HEARD } from './lifecycle-settings.ts';
import { shareOf } from './quota-shares.ts';
import { SettingError } from './setting-error.ts';
import { CLOCK_SKEW_SECONDS, LOCAL_ORIGINS, type StageSettings } from './stage-settings.ts';

/** Five stages fit into one account. */
const SHARE = 0.2;

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html */
const STAGE_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** The construct, for its defaults and its errors. */
interface Place {
  /** The path in the app. */
  readonly path: string;
  readonly uniqueName: string;
  readonly isLocal: boolean;
}

const DEFAULTS = {
  removal: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  encryption: 'customer-managed',
  logRetention: RetentionDays.THREE_MONTHS,
  apiAuthorization: 'token',
  gatewayLogRole: 'create',
  origins: [],
  fallback: 'none',
  edge: 'none',
} as const satisfies Partial<StageSettings>;

/** @throws SettingError for a name or a share that no stage can have. */
export function settingsOf(props: FanfareProps, place: Place): StageSettings {
  const { name, accountShare = SHARE, lifecycleEvents, alarms, tokens, domain, apiDomain, ...others } = props;
  const { config: _, code: __, tables: ___, ...plain } = others;
  const { issuers = [], ...tokenSettings } = given(tokens ?? {});
  const deployed: StageSettings = {
    ...shareOf(accountQuotas, checkedShare(accountShare, place)),
    ...DEFAULTS,
    ...given(plain),
    name: checkedName(name ?? place.uniqueName, place),
    names: 'generated',
    lifecycleEvents: { ...IF_HEARD, ...given(lifecycleEvents ?? {}) },
    alarms: alarms === 'none' ? 'none' : { ...ALARMS, ...given(alarms ?? {}) },
    tokens: {
      clockSkewSeconds: CLOCK_SKEW_SECONDS,
      ...tokenSettings,
      issuers: issuers.map(completeIssuer),
    },
    ...(domain && { domain: domainOf(domain) }),
    ...(apiDomain && { apiDomain: domainOf(apiDomain) }),
  };
  checkBatches(deployed, place);
  if (deployed.alarms !== 'none') checkAlarms(deployed.alarms, place.path);
  if (deployed.edge !== 'none' && deployed.domain)
    throw new SettingError(`${place.path}: the edge has the domain, and the gateway behind it has none.`);
  return place.isLocal ? onLaptop(deployed) : deployed;
}

/** Without what is `undefined`, which means the default. */
function given<Settings extends object>(settings: Settings): Settings {
  const kept = { ...settings };
  for (const name in kept) if (kept[name] === undefined) Reflect.deleteProperty(kept, name);
  return kept;
}

const domainOf = ({ name, certificate: { certificateArn } }: FanfareDomain) => ({ name, certificateArn });

/**
 * The same stage without what a laptop does not have: a domain, a key, a role for logs, alarms. Its own pages may connect. A stage that has the
 * name of a laptop says itself which pages may.
 */
function onLaptop({ domain: _, apiDomain: __, ...settings }: StageSettings): StageSettings {
  const { name, origins, fallback } = settings;
  if (isLocalStage(name)) return { ...settings, names: 'fixed', alarms: 'none' };
  return {
    ...settings,
    // Another audience: a token of a laptop is good for no deployed stage, and the other way round.
    name: `local-${name}`,
    names: 'fixed',
    removal: RemovalPolicy.DESTROY,
    encryption: 'aws-managed',
    gatewayLogRole: 'existing',
    edge: 'none',
    alarms: 'none',
    origins: [...new Set([...origins, ...LOCAL_ORIGINS])],
    fallback: fallback === 'none' ? 'none' : { ...fallback, concurrency: 'unreserved' },
  };
}

function checkedName(name: string, { path, isLocal }: Place): string {
  if (!STAGE_NAME.test(name))
    throw new SettingError(
      `${path}: name is ${JSON.stringify(name)}, which is not allowed: it has 1 to 64 of A-Z, a-z, 0-9, _ and -.`,
    );
  if (isLocalStage(name) && !isLocal)
    throw new SettingError(
      `${path}: the name ${name} is for a laptop, where more is allowed: give it another "name".`,
    );
  return name;
}

/** Lambda takes no other parallelization factor. */
function checkBatches({ batchesPerShard }: StageSettings, { path }: Place): void {
  if (Number.isInteger(batchesPerShard) && batchesPerShard >= 1 && batchesPerShard <= 10) return;
  throw new SettingError(
    `${path}: batchesPerShard is ${batchesPerShard}, which is not allowed: it is a whole number from 1 to 10.`,
  );
}

function checkedShare(share: number, { path }: Place): number {
  if (share > 0 && share <= 1) return share;
  throw new SettingError(
    `${path}: accountShare is ${share}, which is not allowed: it is above 0, and at most 1.`,
  );
}
