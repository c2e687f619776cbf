/** What makes a function run, in infrastructure: one line for each kind of trigger. */

import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as EventTarget } from 'aws-cdk-lib/aws-events-targets';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IDestination, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionName, Trigger } from '../lambdas/manifest.ts';
import type { Gateway } from './gateway.ts';

/** What functions are triggered by. */
export interface Sources {
  readonly scope: Construct;
  readonly gateway: Gateway;
  readonly functions: ReadonlyMap<FunctionName, LambdaFunction>;
}

type TriggerOf<Kind extends Trigger['kind']> = Extract<Trigger, { kind: Kind }>;

/** Elsewhere: the HTTP API wants both of its functions at once, and operators need no more than a permission. */
const wiredElsewhere = () => {};

/** Exhaustive by compilation: a new kind of trigger does not compile until it is wired here. */
const wirings: {
  readonly [Kind in Trigger['kind']]: (
    trigger: TriggerOf<Kind>,
    target: LambdaFunction,
    sources: Sources,
  ) => void;
} = {
  authorizer: (_trigger, target, { gateway }) => gateway.authorizeBy(target),
  route: (trigger, target, { gateway }) => gateway.addRoute(trigger, target),
  event({ detailType }, target, { scope }) {
    // Whoever may put events on the account's default bus may publish; other sources come by rules of their own.
    new Rule(scope, 'PublishRule', {
      description: 'Publishes events of this type to channels',
      eventPattern: { detailType: [detailType] },
      targets: [new EventTarget(target)],
    });
    repeatOnFailure(target);
  },
  asynchronous({ onFailure }, target, { functions }) {
    repeatOnFailure(target, onFailure && functions.get(onFailure));
  },
  http: wiredElsewhere,
  'http-authorizer': wiredElsewhere,
  operator: wiredElsewhere,
};

export function wire<Kind extends Trigger['kind']>(
  kind: Kind,
  trigger: TriggerOf<Kind>,
  target: LambdaFunction,
  sources: Sources,
): void {
  wirings[kind](trigger, target, sources);
}

/** What could not be delivered for this long has been resumed by then, or its client is gone. */
const LONGEST_QUEUED = Duration.minutes(15);

function repeatOnFailure(target: LambdaFunction, onFailure?: LambdaFunction): void {
  target.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: LONGEST_QUEUED,
    ...(onFailure && { onFailure: destination(onFailure) }),
  });
}

/** `LambdaDestination` would let it invoke every version of the function, too. */
function destination({ functionArn }: LambdaFunction): IDestination {
  return {
    bind(_scope, source) {
      Grant.addToPrincipal({
        grantee: source,
        actions: ['lambda:InvokeFunction'],
        resourceArns: [functionArn],
      });
      return { destination: functionArn };
    },
  };
}
