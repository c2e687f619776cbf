/** What each kind of need means in infrastructure: the grant it makes and the value it puts into the environment. */

import type { WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Need, TableName } from '../lambdas/manifest.ts';

/** What needs are bound to. */
export interface Resources {
  readonly tables: Readonly<Record<TableName, TableV2>>;
  readonly stage: WebSocketStage;
  readonly deliveryWorker: DeliveryWorker;
  readonly postsPerSecond: number;
}

/** By name and not by reference: the worker starts itself, and a resource cannot refer to itself. */
export interface DeliveryWorker {
  readonly name: string;
  readonly arn: string;
}

type NeedOf<Kind extends Need['kind']> = Extract<Need, { kind: Kind }>;

/** Exhaustive by compilation: a new kind of need does not compile until it is bound here. */
const bindings: {
  readonly [Kind in Need['kind']]: (need: NeedOf<Kind>, grantee: IGrantable, resources: Resources) => string;
} = {
  table({ table, actions }, grantee, { tables }) {
    tables[table].grant(grantee, ...actions);
    return tables[table].tableName;
  },
  'management-api'(_need, grantee, { stage }) {
    stage.grantManagementApiAccess(grantee);
    return stage.callbackUrl;
  },
  stage(_need, _grantee, { stage }) {
    return stage.stageName;
  },
  'delivery-worker'(_need, grantee, { deliveryWorker: { name, arn } }) {
    Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [arn] });
    return name;
  },
  'posts-per-second'(_need, _grantee, { postsPerSecond }) {
    return String(postsPerSecond);
  },
};

/** The variables for a function's needs; the permissions go to its role at the same time. */
export function bind(
  needs: Readonly<Record<string, Need>>,
  grantee: IGrantable,
  resources: Resources,
): Record<string, string> {
  const variables = Object.entries(needs).map(([name, need]) => [
    name,
    bindOne(need.kind, need, grantee, resources),
  ]);
  return Object.fromEntries(variables);
}

function bindOne<Kind extends Need['kind']>(
  kind: Kind,
  need: NeedOf<Kind>,
  grantee: IGrantable,
  resources: Resources,
): string {
  return bindings[kind](need, grantee, resources);
}
