/** Which request, and which event, may invoke which function: as the manifest declares it, and as a template grants it. */

import { Template } from 'aws-cdk-lib/assertions';
import { operationNames, operations } from 'fanfare-protocol/operations';
import * as v from 'valibot';
import {
  type FunctionManifest,
  functionNames,
  manifest,
  type Trigger,
} from '../../lambdas/manifest/manifest.ts';
import type { FanfareStack } from '../../lib/fanfare-stack.ts';
import { asNamed } from '../../lib/security/accepted-findings.ts';
import { GatewayApi, type Protocol } from './gateway-api.ts';

const ofService = v.pipe(
  v.strictObject({
    Action: v.literal('lambda:InvokeFunction'),
    Principal: v.picklist(['apigateway.amazonaws.com', 'events.amazonaws.com']),
    FunctionName: v.unknown(),
    // Without it, any API or rule of any account could.
    SourceArn: v.unknown(),
  }),
  v.transform(({ FunctionName, Principal, SourceArn }) => ({
    FunctionName,
    source: `${Principal} for ${asNamed(SourceArn)}`,
  })),
);

/** An open URL needs both permissions (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html), and each is for the URL only. */
const ofUrl = v.pipe(
  v.union([
    v.strictObject({
      Action: v.literal('lambda:InvokeFunctionUrl'),
      Principal: v.literal('*'),
      FunctionName: v.unknown(),
      FunctionUrlAuthType: v.literal('NONE'),
    }),
    v.strictObject({
      Action: v.literal('lambda:InvokeFunction'),
      Principal: v.literal('*'),
      FunctionName: v.unknown(),
      InvokedViaFunctionUrl: v.literal(true),
    }),
  ]),
  v.transform(({ Action, FunctionName }) => ({
    FunctionName,
    source: `everybody through its URL, ${Action}`,
  })),
);

const permission = v.union([ofService, ofUrl]);

/** `<function> by <service> for <ARN>`, of every permission; one of any other shape fails the test that reads it. */
export function grantedInvocations(template: Template): readonly string[] {
  return Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) => {
    const { FunctionName, source } = v.parse(permission, Properties);
    const [, name] = asNamed(FunctionName).match(/^<(\w+)Function[0-9A-F]{8}\.Arn>$/) ?? [];
    return `${name} by ${source}`;
  });
}

const nothing = () => [];

/** The services and sources that a trigger should let in. Exhaustive by compilation. */
const meanings: {
  readonly [Kind in Trigger['kind']]: (
    trigger: Extract<Trigger, { kind: Kind }>,
    backend: FanfareStack,
  ) => readonly string[];
} = {
  route: ({ key }, backend) => [`${gateway(backend, 'WEBSOCKET')}/*${key}`],
  authorizer: (_trigger, backend) => authorizersOf(backend, 'WEBSOCKET'),
  // For any stage and method. The ARN is that of the route, with its declared path.
  http: (_trigger, backend) =>
    operationNames.map((name) => `${gateway(backend, 'HTTP')}/*/*${operations[name].path}`),
  'http-authorizer': (_trigger, backend) => authorizersOf(backend, 'HTTP'),
  event({ detailType }, backend) {
    const ofType = { Properties: { EventPattern: { 'detail-type': [detailType] } } };
    const rules = Template.fromStack(backend).findResources('AWS::Events::Rule', ofType);
    return Object.keys(rules).map((id) => `events.amazonaws.com for <${id}.Arn>`);
  },
  schedule({ everyMinutes }, backend) {
    const minutes = everyMinutes === 1 ? 'minute' : 'minutes';
    const atThisRate = { Properties: { ScheduleExpression: `rate(${everyMinutes} ${minutes})` } };
    const rules = Template.fromStack(backend).findResources('AWS::Events::Rule', atThisRate);
    return Object.keys(rules).map((id) => `events.amazonaws.com for <${id}.Arn>`);
  },
  url: () =>
    ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'].map(
      (action) => `everybody through its URL, ${action}`,
    ),
  operator: nothing,
  asynchronous: nothing,
  // Lambda reads the stream as the function.
  stream: nothing,
};

/** All expected grants, in the words of `grantedInvocations`. */
export function declaredInvocations(backend: FanfareStack): readonly string[] {
  const deployed = functionNames.filter((name) => backend.fanfare.node.tryFindChild(name) !== undefined);
  return deployed.flatMap((name) => {
    const { trigger }: FunctionManifest = manifest[name];
    const sources = sourcesOf(trigger.kind, trigger, backend);
    return sources.map((source) => `${name.replaceAll('-', '')} by ${source}`);
  });
}

function sourcesOf<Kind extends Trigger['kind']>(
  kind: Kind,
  trigger: Extract<Trigger, { kind: Kind }>,
  backend: FanfareStack,
) {
  return meanings[kind](trigger, backend);
}

/** An empty list if IAM authorizes callers. */
function authorizersOf(backend: FanfareStack, protocol: Protocol): readonly string[] {
  const authorizers = new GatewayApi(Template.fromStack(backend), protocol).parts('Authorizer');
  return authorizers.map(({ id }) => `${gateway(backend, protocol)}/authorizers/<${id}>`);
}

function gateway(backend: FanfareStack, protocol: Protocol): string {
  const { id } = new GatewayApi(Template.fromStack(backend), protocol);
  const arn = backend.formatArn({ service: 'execute-api', resource: `<${id}>` });
  return `apigateway.amazonaws.com for ${asNamed(backend.resolve(arn))}`;
}
