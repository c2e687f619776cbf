/** Compares the throttles of all stages of an account with the account's quota in the regions with the lowest one. */

import { type DeployResource, type DeployTemplate, isRecord, valueAt } from './deploy-template.ts';
import type { Finding } from './finding.ts';
import { sum } from './text-length.ts';

/**
 * Requests a second and burst of all APIs of an account, in Africa (Cape Town), Europe (Milan) and every region that
 * opened after them; 10,000 and 5,000 elsewhere.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
const LOWEST_ACCOUNT_QUOTA = { ThrottlingRateLimit: 2_500, ThrottlingBurstLimit: 1_250 } as const;

/** A variable of every function that posts. */
const POSTS_PER_SECOND = 'POSTS_PER_SECOND';

type Limit = keyof typeof LOWEST_ACCOUNT_QUOTA;

/** @param templates Of all stages that an account may have at the same time, by their names. */
export function throttleFindings(templates: ReadonlyMap<string, DeployTemplate>): Finding[] {
  const stages = [...templates].flatMap(([name, { resources }]) =>
    [...resources.values()]
      .filter(({ type }) => type === 'AWS::ApiGatewayV2::Stage')
      .map((stage) => ({ name: `${stage.id} of ${name}`, stage })),
  );
  const unlimited = stages.filter(({ stage }) => limitOf(stage, 'ThrottlingRateLimit') === undefined);
  return [
    ...unlimited.map(({ name, stage }) => ({
      resource: stage.id,
      path: 'Properties.DefaultRouteSettings',
      sentence: `${name} has no limit of its own, and may take all that the account has.`,
    })),
    ...(['ThrottlingRateLimit', 'ThrottlingBurstLimit'] as const).flatMap((limit) => {
      const ofStages = stages.map(({ name, stage }) => ({ name, share: limitOf(stage, limit) ?? 0 }));
      const shares = limit === 'ThrottlingRateLimit' ? [...ofStages, ...postsOf(templates)] : ofStages;
      const total = sum(shares.map(({ share }) => share));
      if (total <= LOWEST_ACCOUNT_QUOTA[limit]) return [];
      const sentence = `Together they let ${total} through, and accounts in newer regions have ${LOWEST_ACCOUNT_QUOTA[limit]}: ${shares.map(({ name, share }) => `${name} ${share}`).join(', ')}.`;
      return [{ resource: 'Account', path: limit, sentence }];
    }),
  ];
}

/** Posts to connections are requests of the same quota (LM-1); each function keeps to this many of one broadcast. */
function postsOf(templates: ReadonlyMap<string, DeployTemplate>): readonly { name: string; share: number }[] {
  return [...templates].map(([name, { resources }]) => {
    const paces = [...resources.values()].map(({ properties }) =>
      Number(valueAt(properties, 'Environment', 'Variables', POSTS_PER_SECOND) ?? 0),
    );
    return { name: `posts of ${name}`, share: Math.max(0, ...paces) };
  });
}

/** The stage's own throttle, or the sum of its routes if that is more. */
function limitOf({ properties }: DeployResource, limit: Limit): number | undefined {
  const own = valueAt(properties, 'DefaultRouteSettings', limit);
  if (typeof own !== 'number') return undefined;
  const { RouteSettings: routes } = properties;
  const ofRoutes = Object.values(isRecord(routes) ? routes : {}).map((route) => valueAt(route, limit));
  return Math.max(own, sum(ofRoutes.filter((one) => typeof one === 'number')));
}
