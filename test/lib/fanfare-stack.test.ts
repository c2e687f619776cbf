import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { type FunctionManifest, type FunctionName, functionNames, manifest } from '../../lambdas/manifest.ts';
import { deployedStage } from '../../lib/stage-settings.ts';
import { templateOf } from './template.ts';

const dev = templateOf('dev');
const prod = templateOf('prod');

interface Statement {
  readonly Action: string | readonly string[];
  readonly Effect: string;
  readonly Resource: unknown;
}

/** Every statement of every policy, as [owner, statement]. */
function statements(template: Template): (readonly [policy: string, statement: Statement])[] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
  return policies.flatMap(([id, { Properties }]) =>
    Properties.PolicyDocument.Statement.map((statement: Statement) => [id, statement] as const),
  );
}

/** What a function may do: action to the resources it may do it on, as JSON. */
function permissionsOf(name: FunctionName): Map<string, string> {
  const permissions = new Map<string, string>();
  for (const [policy, { Action, Resource }] of statements(prod)) {
    if (!policy.startsWith(`${name}Role`)) continue;
    for (const action of [Action].flat()) {
      permissions.set(action, `${permissions.get(action) ?? ''}${JSON.stringify(Resource)}`);
    }
  }
  return permissions;
}

function functionResource(name: FunctionName) {
  const [found] = Object.values(
    prod.findResources('AWS::Lambda::Function', { Properties: { Description: manifest[name].purpose } }),
  );
  if (!found) throw new Error(`There is no function ${name}`);
  return found;
}

describe('the WebSocket API', () => {
  it('selects routes by the action of the message', () => {
    prod.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    });
  });

  it('has exactly the routes $connect, $disconnect, $default and ping', () => {
    const routes = Object.values(prod.findResources('AWS::ApiGatewayV2::Route'));

    expect(routes.map(({ Properties }) => Properties.RouteKey).toSorted()).toEqual(
      ['$connect', '$default', '$disconnect', 'ping'].toSorted(),
    );
  });

  it('replies on $default and ping and nowhere else (PR-1, PR-3)', () => {
    const routes = Object.entries(prod.findResources('AWS::ApiGatewayV2::Route'));
    const responses = Object.values(prod.findResources('AWS::ApiGatewayV2::RouteResponse'));
    const replying = new Set(responses.map(({ Properties }) => Properties.RouteId.Ref));

    const keys = routes.filter(([id]) => replying.has(id)).map(([, { Properties }]) => Properties.RouteKey);
    expect(keys.toSorted()).toEqual(['$default', 'ping']);
    expect(
      routes.filter(([, { Properties }]) => Properties.RouteResponseSelectionExpression === '$default'),
    ).toHaveLength(2);
  });

  it('answers ping by a MOCK integration, without a function (MK-1 to MK-5)', () => {
    prod.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'MOCK',
      RequestTemplates: { $default: '{"statusCode":200}' },
      TemplateSelectionExpression: '\\$default',
    });
    prod.hasResourceProperties('AWS::ApiGatewayV2::IntegrationResponse', {
      IntegrationResponseKey: '$default',
      ResponseTemplates: { $default: '{"event":"pong"}' },
      TemplateSelectionExpression: '\\$default',
    });
  });

  it('is deployed by itself (CD-3) and throttled explicitly, never to zero (TH-3)', () => {
    prod.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: 'prod',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 5_000, ThrottlingBurstLimit: 2_500 },
    });
  });

  it('logs access as chosen fields, none of which can hold a token', () => {
    const [stage] = Object.values(prod.findResources('AWS::ApiGatewayV2::Stage'));
    const format: string = stage?.['Properties'].AccessLogSettings.Format;

    expect(JSON.parse(format)).toHaveProperty('requestId', '$context.requestId');
    expect(format).not.toMatch(/querystring|header|authorizer|body|path/i);
  });

  it('can write its logs: the account role is set before the stage (LG-2)', () => {
    const [account] = Object.keys(prod.findResources('AWS::ApiGateway::Account'));

    prod.hasResource('AWS::ApiGatewayV2::Stage', { DependsOn: Match.arrayWith([account]) });
  });

  it('tells its URLs', () => {
    const { WebSocketUrl, ManagementUrl } = prod.findOutputs('*');

    expect(JSON.stringify(WebSocketUrl?.['Value'])).toMatch(/"wss:\/\/".*\/prod"/);
    expect(JSON.stringify(ManagementUrl?.['Value'])).toMatch(/"https:\/\/".*\/prod"/);
  });
});

describe('every table', () => {
  it('is paid per request and encrypted', () => {
    prod.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
    prod.resourceCountIs('AWS::DynamoDB::GlobalTable', 6);
  });

  it.each([
    ['Connections', true, false],
    ['Subscriptions', true, false],
    ['Channels', false, true],
    ['Messages', true, true],
    ['PublishKeys', true, false],
    ['DeliveryClaims', true, false],
  ])(
    'called %s cleans up by TTL: %s, and can be restored to a point in time: %s',
    (name, expires, restores) => {
      const tables = Object.entries(prod.findResources('AWS::DynamoDB::GlobalTable'));
      const [, table] = tables.find(([id]) => id.startsWith(`Storage${name}`)) ?? [];

      const ttl = expires ? { AttributeName: 'expiresAt', Enabled: true } : undefined;
      expect(table?.['Properties'].TimeToLiveSpecification).toEqual(ttl);
      const [replica] = table?.['Properties'].Replicas ?? [];
      expect(replica.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: restores });
    },
  );

  it('stays when a production stack goes, and goes with a development stack', () => {
    prod.allResources('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    dev.allResources('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Delete' });
  });

  it('is protected from deletion in production', () => {
    const tables = Object.values(prod.findResources('AWS::DynamoDB::GlobalTable'));

    for (const { Properties } of tables) expect(Properties.Replicas[0].DeletionProtectionEnabled).toBe(true);
  });
});

const routed = functionNames.flatMap((name) => {
  const { trigger }: FunctionManifest = manifest[name];
  return trigger.kind === 'route' ? [{ name, key: trigger.key }] : [];
});

describe('every function', () => {
  it('runs on the newest Node.js of Lambda, on arm64', () => {
    prod.allResourcesProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    prod.resourceCountIs('AWS::Lambda::Function', functionNames.length);
  });

  it('has a log group of its own, with a retention', () => {
    const groups = functionNames.map(
      (name) => functionResource(name)['Properties'].LoggingConfig.LogGroup.Ref,
    );

    expect(new Set(groups).size).toBe(functionNames.length);
    prod.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    dev.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });

  it.each(functionNames)('%s has the environment that its manifest declares', (name) => {
    const { Variables } = functionResource(name)['Properties'].Environment;

    expect(Object.keys(Variables).toSorted()).toEqual(
      [...Object.keys(manifest[name].needs), 'NODE_OPTIONS'].toSorted(),
    );
  });

  it.each(routed)('$name ends before the gateway stops waiting for it', ({ name }) => {
    expect(functionResource(name)['Properties'].Timeout).toBeLessThan(29);
  });

  it('may start itself as often as a lane has batches: only workers, and those by declaration', () => {
    const loops = functionNames.filter(
      (name) => functionResource(name)['Properties'].RecursiveLoop === 'Allow',
    );

    expect(loops).toEqual(['deliver', 'release']);
  });
});

describe('a delivery that fails', () => {
  const configs = Object.values(prod.findResources('AWS::Lambda::EventInvokeConfig'));
  const configOf = (name: FunctionName) =>
    configs.find(({ Properties }) => JSON.stringify(Properties.FunctionName).includes(`${name}Function`));

  it('is repeated twice and goes to release in the end', () => {
    expect(configOf('deliver')?.['Properties']).toMatchObject({
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 900,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringMatching(/^releaseFunction/), 'Arn'] } },
      },
    });
  });

  it('is repeated by release, too', () => {
    expect(configOf('release')?.['Properties']).toMatchObject({ MaximumRetryAttempts: 2 });
    expect(configOf('release')?.['Properties'].DestinationConfig).toBeUndefined();
  });

  it('was started under a name that its worker can start it by, too', () => {
    const { FunctionName } = functionResource('deliver')['Properties'];

    for (const name of ['default', 'deliver', 'release'] as const) {
      const { Variables } = functionResource(name)['Properties'].Environment;
      expect(Variables.DELIVERY_WORKER).toEqual(FunctionName);
      expect(permissionsOf(name).get('lambda:InvokeFunction')).toContain(`:function:${FunctionName}`);
    }
  });

  it('and one that does not, take no more of the quota than the stage allows', () => {
    expect(functionResource('default')['Properties'].Environment.Variables.POSTS_PER_SECOND).toBe('5000');
  });
});

describe('permissions', () => {
  it('never have a wildcard in an action', () => {
    const actions = [dev, prod].flatMap(statements).flatMap(([, { Action }]) => [Action].flat());

    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('are never for every resource', () => {
    const everything = [dev, prod]
      .flatMap(statements)
      .filter(([, { Resource }]) => [Resource].flat().includes('*'));

    expect(everything).toEqual([]);
  });

  it('come from no managed policy, save the one that API Gateway needs to write logs', () => {
    const roles = Object.entries(prod.findResources('AWS::IAM::Role'));
    const withManaged = roles.filter(([, { Properties }]) => Properties.ManagedPolicyArns !== undefined);

    expect(withManaged.map(([id]) => id)).toEqual([expect.stringMatching(/^GatewayLogRole/)]);
  });

  it('let connect write both tables, look at shards, and nothing else', () => {
    const permissions = permissionsOf('connect');

    expect([...permissions.keys()].toSorted()).toEqual([
      'dynamodb:BatchWriteItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
    expect(permissions.get('dynamodb:UpdateItem')).toContain('StorageChannels');
    expect(permissions.get('dynamodb:UpdateItem')).not.toContain('StorageConnections');
    expect(permissions.get('dynamodb:Query')).toContain('StorageSubscriptions');
    expect(permissions.get('dynamodb:BatchWriteItem')).toMatch(/StorageConnections.*StorageSubscriptions/);
  });

  it('let disconnect delete one connection and its subscriptions and nothing else', () => {
    const permissions = permissionsOf('disconnect');

    expect([...permissions.keys()].toSorted()).toEqual([
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
    expect(permissions.get('dynamodb:DeleteItem')).toContain('StorageConnections');
    expect(permissions.get('dynamodb:BatchWriteItem')).not.toContain('StorageConnections');
  });

  it('let only those post to connections who deliver, on this stage alone', () => {
    const posting = statements(prod).filter(([, { Action }]) => Action === 'execute-api:ManageConnections');

    expect(posting.map(([policy]) => policy.replace(/Role.*/, '')).toSorted()).toEqual([
      'default',
      'deliver',
      'release',
    ]);
    for (const [, { Resource }] of posting) {
      expect(JSON.stringify(Resource)).toContain('/prod/*/@connections/*');
    }
  });

  it('let a function invoke the delivery worker, or release if it is the worker, and no other', () => {
    const invoking = statements(prod).filter(([, { Action }]) => Action === 'lambda:InvokeFunction');
    const targets = invoking.map(([policy, { Resource }]) => [
      policy.replace(/Role.*/, ''),
      [
        ...new Set(JSON.stringify(Resource).match(/releaseFunction(?=\w+","Arn")|function:[\w-]+/g)),
      ].toSorted(),
    ]);

    expect(targets.toSorted()).toEqual([
      ['default', ['function:Fanfare-deliver']],
      ['deliver', ['function:Fanfare-deliver', 'releaseFunction']],
      ['release', ['function:Fanfare-deliver']],
    ]);
  });

  it('let the gateway invoke each function for its own route only', () => {
    const permissions = Object.values(prod.findResources('AWS::Lambda::Permission'));
    const sources = permissions.map(({ Properties }) => JSON.stringify(Properties.SourceArn));

    expect(sources).toHaveLength(routed.length);
    for (const { key } of routed) {
      expect(sources.filter((source) => source.includes(`/*${key}`))).toHaveLength(1);
    }
  });
});

describe('a stage to deploy', () => {
  it.each(['dev', 'prod'])('may be %s', (name) => {
    expect(deployedStage(name).name).toBe(name);
  });

  it.each(['local', 'staging', undefined, 7])('may not be %j, and the choice is named', (name) => {
    expect(() => deployedStage(name)).toThrow('-c stage=dev or -c stage=prod');
  });
});
