/** What a Fanfare of this app and one of another stack have in common: its addresses, its grants and its events. */

import { Stack } from 'aws-cdk-lib';
import { type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IConstruct } from 'constructs';
import { operationNames, operations } from 'fanfare-protocol/operations';
import type { LifecycleType } from '../lambdas/realtime/lifecycle/lifecycle.ts';
import { eventSource, PUBLISH_EVENT, publishSource } from './functions/event-names.ts';

export interface IFanfare extends IConstruct {
  /** The name of the stage: what `signToken` takes as the audience, and `publishEvent` as the stage. */
  readonly name: string;
  /** `wss://…`: clients connect to it. */
  readonly webSocketUrl: string;
  /** `https://…`: the HTTP API for servers. */
  readonly apiUrl: string;
  /** `https://…`: the gateway's own API that posts to connections and ends them. */
  readonly managementEndpoint: string;
  /** Signs the tokens of the stage. A principal that may read it can be every user, so grant it to the function that signs users in. */
  readonly tokenSecret: Secret | ISecret;
  /** The source of the lifecycle events. */
  readonly eventSource: string;

  /**
   * Lets a function, or another principal, publish by an event: `PutEvents` on the default bus, with the detail type and the source that
   * `publishEvent` of `fanfare-client/server` writes. With `apiAuthorization: 'iam'`, also `POST /messages` of the HTTP API.
   */
  grantPublish(grantee: IGrantable): Grant;

  /**
   * Lets a principal use the gateway's API at `managementEndpoint`: post to each connection, look it up and end it. With
   * `apiAuthorization: 'iam'`, also every operation of the HTTP API.
   */
  grantManage(grantee: IGrantable): Grant;

  /**
   * Sends the events of a kind to a target.
   *
   * @example
   * realtime.onLifecycle('member joined', new LambdaFunction(welcome));
   */
  onLifecycle(type: LifecycleType, target: IRuleTarget): Rule;
}

/** The APIs by their ids, of which the ARNs of permissions are made. */
interface Apis {
  readonly webSocketApiId: string;
  readonly httpApiId: string;
  readonly apiAuthorization: 'token' | 'iam';
}

export abstract class FanfareBase extends Construct implements IFanfare {
  abstract readonly name: string;
  abstract readonly webSocketUrl: string;
  abstract readonly apiUrl: string;
  abstract readonly managementEndpoint: string;
  abstract readonly tokenSecret: Secret | ISecret;
  protected abstract readonly apis: Apis;

  get eventSource(): string {
    return eventSource(this.name);
  }

  grantPublish(grantee: IGrantable): Grant {
    const { service, resource, resourceName } = DEFAULT_BUS;
    const byEvent = Grant.addToPrincipal({
      grantee,
      actions: ['events:PutEvents'],
      resourceArns: [Stack.of(this).formatArn({ service, resource, resourceName })],
      // The source leads to this stage only, so that the grant is for no other stage of the account.
      conditions: {
        StringEquals: { 'events:detail-type': [PUBLISH_EVENT], 'events:source': publishSource(this.name) },
      },
    });
    return this.withApi(byEvent, grantee, [operations.publish]);
  }

  grantManage(grantee: IGrantable): Grant {
    const arns = ['POST', 'GET', 'DELETE'].map((method) =>
      this.apiArn(this.apis.webSocketApiId, `${method}/@connections/*`),
    );
    const actions = ['execute-api:ManageConnections'];
    const managing = Grant.addToPrincipal({ grantee, actions, resourceArns: arns });
    return this.withApi(
      managing,
      grantee,
      operationNames.map((name) => operations[name]),
    );
  }

  onLifecycle(type: LifecycleType, target: IRuleTarget): Rule {
    const words = type.replaceAll(' ', '-');
    const before = this.node.children.filter(({ node }) => node.id.startsWith(`On-${words}-`)).length;
    return new Rule(this, `On-${words}-${before + 1}`, {
      eventPattern: { source: [this.eventSource], detailType: [type] },
      targets: [target],
    });
  }

  /** Adds operations of the HTTP API if principals authenticate to it by IAM. */
  private withApi(
    grant: Grant,
    grantee: IGrantable,
    granted: readonly { readonly method: string; readonly path: string }[],
  ): Grant {
    if (this.apis.apiAuthorization !== 'iam') return grant;
    const resourceArns = granted.map(({ method, path }) =>
      this.apiArn(this.apis.httpApiId, `${method}${path.replaceAll(/\{[^}]+\}/g, '*')}`),
    );
    return grant.combine(Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns }));
  }

  private apiArn(apiId: string, below: string): string {
    const resourceName = `${this.name}/${below}`;
    return Stack.of(this).formatArn({ service: 'execute-api', resource: apiId, resourceName });
  }
}

const DEFAULT_BUS = { service: 'events', resource: 'event-bus', resourceName: 'default' } as const;
