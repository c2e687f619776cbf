import { fileURLToPath } from 'node:url';
import { App, Duration, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { DomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AttributeType, StreamViewType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { eventPattern } from 'fanfare-local/event-pattern';
import { describe, expect, it } from 'vitest';
import { manifest } from '../../lambdas/manifest/manifest.ts';
import { checks } from '../../lib/deploy-checks/deploy-findings.ts';
import { readTemplate } from '../../lib/deploy-checks/deploy-template.ts';
import { Fanfare } from '../../lib/fanfare.ts';
import { SettingError } from '../../lib/settings/setting-error.ts';
import { CONFIG, fanfareIn, shopStack, templateIn } from './construct.ts';
import { linesOf } from './deploy-checks/planted.ts';
import { grantedPermissions } from './granted-permissions.ts';

function lambdaIn(stack: Stack): Lambda {
  return new Lambda(stack, 'Orders', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = () => {};'),
    timeout: Duration.seconds(3),
  });
}

/** What the role of the function of the app may do. */
function permissionsOf(stack: Stack, start: string) {
  return grantedPermissions(templateIn(stack))
    .filter(({ role }) => role.startsWith(start))
    .map(({ sentence }) => sentence);
}

/** The template, in which the order of the statements of a policy says nothing. */
function statementsSorted(stack: Stack): unknown {
  return JSON.parse(JSON.stringify(templateIn(stack).toJSON()), (key, value) =>
    key === 'Statement' && Array.isArray(value) ? value.map((one) => JSON.stringify(one)).toSorted() : value,
  );
}

const certificateIn = (stack: Stack) =>
  Certificate.fromCertificateArn(stack, 'Cert', 'arn:aws:acm:eu-central-1:111111111111:certificate/1-2');

describe('a Fanfare of which only the configuration is said', () => {
  const stack = shopStack();
  const fanfare = fanfareIn(stack);
  const template = templateIn(stack);

  it.each(Object.entries(checks))('has no finding of the deploy checks: %s', (_check, find) => {
    expect(linesOf(find(readTemplate(template.toJSON())))).toEqual([]);
  });

  it('is named after its stack and its path', () => {
    expect(fanfare.name).toBe('Shop-Realtime');
    expect(fanfare.eventSource).toBe('fanfare.Shop-Realtime');
    template.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'Shop-Realtime-deliver' });
  });

  it('keeps its data, encrypts it with a key of its own, and lets no page in', () => {
    const tables = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));

    expect(tables.length).toBeGreaterThan(10);
    expect(tables.filter(({ DeletionPolicy }) => DeletionPolicy !== 'RetainExceptOnCreate')).toEqual([]);
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ ORIGINS: '[]' }) },
    });
  });

  it('has no URL for fallbacks, and no secret with a fixed name', () => {
    template.resourceCountIs('AWS::Lambda::Url', 0);
    template.allResourcesProperties('AWS::SecretsManager::Secret', { Name: Match.absent() });
  });
});

describe('two in one stack', () => {
  const shop = shopStack();
  const both = [fanfareIn(shop, 'Chat'), fanfareIn(shop, 'Live')];
  const template = templateIn(shop);
  const resources = Object.entries(template.toJSON()['Resources']);
  const of = (id: string) => resources.filter(([logicalId]) => logicalId.startsWith(id));

  it.each(Object.entries(checks))('have no finding of the deploy checks: %s', (_check, find) => {
    expect(linesOf(find(readTemplate(template.toJSON())))).toEqual([]);
  });

  it('have different names for every function with a fixed name', () => {
    const names = Object.values(template.findResources('AWS::Lambda::Function')).flatMap(
      ({ Properties }) => Properties.FunctionName ?? [],
    );

    expect(names).toHaveLength(6);
    expect(new Set(names).size).toBe(6);
  });

  it('send and take different events', () => {
    const patterns = Object.values(template.findResources('AWS::Events::Rule')).flatMap(({ Properties }) =>
      Properties.EventPattern ? [JSON.stringify(Properties.EventPattern)] : [],
    );

    expect(new Set(patterns).size).toBe(patterns.length);
    expect(new Set(both.map(({ eventSource }) => eventSource)).size).toBe(2);
  });

  it('have outputs of their own', () => {
    const outputs = Object.keys(template.toJSON()['Outputs']);

    expect(outputs.filter((name) => name.startsWith('Chat'))).toHaveLength(8);
    expect(outputs.filter((name) => name.startsWith('Live'))).toHaveLength(8);
  });

  it('name no resource of each other, but the setting for logs, which an account has once', () => {
    const strangers = (own: string, other: string) =>
      of(own).filter(([, resource]) =>
        new RegExp(`"${other}(?!GatewayAccount)`).test(JSON.stringify(resource)),
      );

    expect(strangers('Chat', 'Live')).toEqual([]);
    expect(strangers('Live', 'Chat')).toEqual([]);
    template.resourceCountIs('AWS::ApiGateway::Account', 1);
  });

  it.each([
    ['Chat', 'Live'],
    ['Live', 'Chat'],
  ])('stay as they are when the other goes: %s without %s', (left) => {
    const alone = shopStack();
    fanfareIn(alone, left);
    const after = templateIn(alone).toJSON()['Resources'];

    for (const [id, { Type, Properties }] of of(left).map(([id, value]) => [id, Object(value)] as const)) {
      expect(after[id]?.Type, id).toBe(Type);
      expect(after[id]?.Properties, id).toEqual(Properties);
    }
  });
});

describe('names', () => {
  const nameIn = (stack: Stack, id: string) => fanfareIn(stack, id).name;

  it('are different in two stages of an app', () => {
    const app = new App({ analyticsReporting: false });
    const names = ['Dev', 'Prod'].map((id) => nameIn(new Stack(new Stage(app, id), 'Shop'), 'Realtime'));

    expect(names).toEqual(['Dev-Shop-Realtime', 'Prod-Shop-Realtime']);
  });

  it('that would be too long for a function end with a hash', () => {
    const stack = new Stack(new App({ analyticsReporting: false }), 'A'.repeat(60));
    const [one, other] = [nameIn(stack, 'Chat'), nameIn(stack, 'Live')];

    expect(one).toHaveLength(48);
    expect(one).not.toBe(other);
  });

  it.each(['local', 'local-shop'])('of a laptop are refused for a deployment: %s', (name) => {
    expect(() => fanfareIn(shopStack(), 'Realtime', { name })).toThrow(
      new SettingError(
        `Shop/Realtime: the name ${name} is for a laptop, where more is allowed: give it another "name".`,
      ),
    );
  });

  it('with other characters than a URL has are refused', () => {
    expect(() => fanfareIn(shopStack(), 'Realtime', { name: 'my shop' })).toThrow(/name is "my shop"/);
  });
});

describe('on a laptop', () => {
  const stack = shopStack({ 'fanfare-local': true });
  const fanfare = fanfareIn(stack, 'Realtime', {
    origins: ['https://shop.example.com'],
    domain: { name: 'live.example.com', certificate: certificateIn(stack) },
  });
  const template = templateIn(stack);

  it('the name says so, and the secret has this name', () => {
    expect(fanfare.name).toBe('local-Shop-Realtime');
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      Name: 'local-Shop-Realtime/token-secret',
    });
  });

  it('a stage of that name keeps the origins that it says', () => {
    const named = shopStack({ 'fanfare-local': true });
    fanfareIn(named, 'Realtime', { name: 'local', origins: ['https://shop.example.com'] });

    templateIn(named).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ ORIGINS: '["https://shop.example.com"]' }) },
    });
  });

  it('there is no key and no domain, and pages of this machine may connect, too', () => {
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          ORIGINS: '["https://shop.example.com","http://localhost:*","http://127.0.0.1:*"]',
        }),
      },
    });
  });
});

describe('grants', () => {
  it('to publish are for events of one stage', () => {
    const stack = shopStack();
    fanfareIn(stack).grantPublish(lambdaIn(stack));

    expect(permissionsOf(stack, 'OrdersServiceRole')).toEqual([
      expect.stringMatching(
        /^events:PutEvents on .*:event-bus\/default as fanfare\.publish\.Shop-Realtime: fanfare\.publish$/,
      ),
    ]);
  });

  it('to publish by IAM are also for one route of the HTTP API', () => {
    const stack = shopStack();
    fanfareIn(stack, 'Realtime', { apiAuthorization: 'iam' }).grantPublish(lambdaIn(stack));

    expect(permissionsOf(stack, 'OrdersServiceRole')[1]).toMatch(
      /^execute-api:Invoke on .*<RealtimeHttpApi\w+>\/Shop-Realtime\/POST\/messages$/,
    );
  });

  it('to manage are for the connections of one stage', () => {
    const stack = shopStack();
    fanfareIn(stack).grantManage(lambdaIn(stack));

    expect(
      permissionsOf(stack, 'OrdersServiceRole').map((sentence) => sentence.replace(/on .*>/, 'on API')),
    ).toEqual(
      ['DELETE', 'GET', 'POST'].map(
        (method) => `execute-api:ManageConnections on API/Shop-Realtime/${method}/@connections/*`,
      ),
    );
  });

  it('to handlers go to each function that runs them, and to no other', () => {
    const stack = shopStack();
    const before = grantedPermissions(templateIn(stackWithRooms().stack)).length;
    const { stack: granted, rooms, fanfare } = stackWithRooms();
    rooms.grantReadData(fanfare.handlers);
    const reading = grantedPermissions(templateIn(granted)).filter(({ resource }) => /Rooms/.test(resource));

    expect(stack.stackName).toBe('Shop');
    expect(before).toBeGreaterThan(0);
    expect(
      [...new Set(reading.map(({ role }) => role.replace(/^Realtime(.*)Role\w+$/, '$1')))].toSorted(),
    ).toEqual(['api', 'authorize', 'default', 'publishevent']);
  });
});

function stackWithRooms() {
  const stack = shopStack();
  const rooms = new TableV2(stack, 'Rooms', { partitionKey: { name: 'room', type: AttributeType.STRING } });
  return { stack, rooms, fanfare: fanfareIn(stack) };
}

describe('the rule that publishes events', () => {
  const [rule] = Object.values(
    templateIn(stackWithRooms().stack).findResources('AWS::Events::Rule', {
      Properties: { EventPattern: { 'detail-type': ['fanfare.publish'] } },
    }),
  );
  const matches = eventPattern(rule?.['Properties'].EventPattern, 'PublishRule');
  const takes = (source: string, stage: string) =>
    matches({ source, 'detail-type': 'fanfare.publish', detail: { stage } });

  it('takes those of senders that may publish to this stage, and of senders with a source of their own', () => {
    expect(takes('fanfare.publish.Shop-Realtime', 'Shop-Realtime')).toBe(true);
    expect(takes('orders', 'Shop-Realtime')).toBe(true);
  });

  it('takes none of a sender that may publish to another stage, also if the event names this one', () => {
    expect(takes('fanfare.publish.Shop-Support', 'Shop-Realtime')).toBe(false);
    expect(takes('orders', 'Shop-Support')).toBe(false);
  });
});

describe('the environment of handlers', () => {
  it('gets the variables of the app', () => {
    const { stack, rooms, fanfare } = stackWithRooms();
    fanfare.addEnvironment('ROOMS_TABLE', rooms.tableName);
    const having = Object.values(templateIn(stack).findResources('AWS::Lambda::Function')).filter(
      ({ Properties }) => Properties.Environment.Variables.ROOMS_TABLE !== undefined,
    );

    expect(having).toHaveLength(4);
  });

  it('keeps the variables of Fanfare', () => {
    expect(() => fanfareIn(shopStack()).addEnvironment('STAGE', 'local')).toThrow(
      new SettingError("The variable STAGE is one of Fanfare's own: give yours another name."),
    );
  });
});

describe('events', () => {
  it('go to a target by a rule for this stage', () => {
    const stack = shopStack();
    fanfareIn(stack).onLifecycle('member joined', new LambdaFunction(lambdaIn(stack)));

    templateIn(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['fanfare.Shop-Realtime'], 'detail-type': ['member joined'] },
    });
  });

  const descriptions = (stack: Stack) =>
    Object.values(templateIn(stack).findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.Description,
    );
  const telling = (stack: Stack) =>
    Object.values(templateIn(stack).findResources('AWS::Lambda::Function')).flatMap(
      ({ Properties: { Description, Environment } }) =>
        Environment?.Variables.EVENT_SOURCE === 'fanfare.Shop-Realtime' ? [Description] : [],
    );

  it('that no rule wants cost nothing: no function tells them, no stream is read for them, and no role may put them', () => {
    const stack = shopStack();
    fanfareIn(stack);
    const template = templateIn(stack);

    expect(telling(stack)).toEqual([]);
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
    expect(JSON.stringify(template.toJSON())).not.toContain('events:PutEvents');
  });

  it.each([
    ['connection opened', [manifest['connection-events'].purpose]],
    ['channel vacated', [manifest['channel-events'].purpose]],
    ['member left', [manifest.presence.purpose, manifest.farewell.purpose]],
  ] as const)('that a rule wants are told: %s', (type, tellers) => {
    const stack = shopStack();
    fanfareIn(stack).onLifecycle(type, new LambdaFunction(lambdaIn(stack)));

    expect(telling(stack).toSorted()).toEqual(tellers.toSorted());
  });

  it('that two rules want have one function that tells them', () => {
    const stack = shopStack();
    const fanfare = fanfareIn(stack);
    const target = new LambdaFunction(lambdaIn(stack));
    for (const type of ['connection opened', 'connection closed'] as const) fanfare.onLifecycle(type, target);

    expect(descriptions(stack).filter((of) => of === manifest['connection-events'].purpose)).toHaveLength(1);
  });

  it('make the same resources for a rule as for a setting', () => {
    const [byRule, bySetting] = [shopStack(), shopStack()];
    for (const [stack, lifecycleEvents] of [
      [byRule, {}],
      [bySetting, { connections: true, channels: true, members: true }],
    ] as const) {
      const fanfare = fanfareIn(stack, 'Realtime', { lifecycleEvents });
      const target = new LambdaFunction(lambdaIn(stack));
      for (const type of ['connection opened', 'channel occupied', 'member joined'] as const)
        fanfare.onLifecycle(type, target);
    }

    expect(statementsSorted(byRule)).toEqual(statementsSorted(bySetting));
  });

  it('that the settings switch off have no rule', () => {
    const stack = shopStack();
    const fanfare = fanfareIn(stack, 'Realtime', { lifecycleEvents: { members: false } });

    expect(() => fanfare.onLifecycle('member left', new LambdaFunction(lambdaIn(stack)))).toThrow(
      'Shop/Realtime: the events of members are off: set lifecycleEvents.members.',
    );
  });

  it('of messages have no rule, because the settings say what of a message more people may read', () => {
    const stack = shopStack();
    const target = new LambdaFunction(lambdaIn(stack));

    expect(() => fanfareIn(stack).onLifecycle('message published', target)).toThrow(
      'Shop/Realtime: the events of messages are off: set lifecycleEvents.messages.',
    );
  });
});

describe('domains of the app', () => {
  const stack = shopStack();
  const certificate = certificateIn(stack);
  const fanfare = fanfareIn(stack, 'Realtime', {
    domain: { name: 'live.example.com', certificate },
    apiDomain: { name: 'api.example.com', certificate },
  });
  const template = templateIn(stack);

  it('are in the URLs, without the name of the stage', () => {
    expect(fanfare.webSocketUrl).toBe('wss://live.example.com');
    expect(fanfare.apiUrl).toBe('https://api.example.com');
    expect(fanfare.domainName).toBeInstanceOf(DomainName);
  });

  it('take TLS 1.2 and newer, and are mapped to a stage each', () => {
    template.allResourcesProperties('AWS::ApiGatewayV2::DomainName', {
      DomainNameConfigurations: [Match.objectLike({ SecurityPolicy: 'TLS_1_2' })],
    });
    template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 2);
  });

  it.each(Object.entries(checks))('have no finding of the deploy checks: %s', (_check, find) => {
    expect(linesOf(find(readTemplate(template.toJSON())))).toEqual([]);
  });
});

describe('a Fanfare of another stack', () => {
  const stack = shopStack();
  const other = Fanfare.fromAttributes(stack, 'Other', {
    name: 'Shop-Realtime',
    webSocketUrl: 'wss://a.example.com/Shop-Realtime',
    apiUrl: 'https://b.example.com/Shop-Realtime',
    managementEndpoint: 'https://a.example.com/Shop-Realtime',
    tokenSecretArn: 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:Tokens-AbCdEf',
    webSocketApiId: 'a',
    httpApiId: 'b',
  });

  it('grants and tells as its own stack does', () => {
    const orders = lambdaIn(stack);
    other.grantPublish(orders);
    other.tokenSecret.grantRead(orders);
    other.onLifecycle('channel occupied', new LambdaFunction(orders));

    expect(permissionsOf(stack, 'OrdersServiceRole')[0]).toContain('as fanfare.publish.Shop-Realtime');
    templateIn(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['fanfare.Shop-Realtime'], 'detail-type': ['channel occupied'] },
    });
  });
});

describe('a setting of which the app says nothing', () => {
  it('is as if it were not named at all', () => {
    const withUndefined: object = { encryption: undefined, removal: undefined, origins: undefined };
    const [plain, said] = [shopStack(), shopStack()];
    fanfareIn(plain);
    fanfareIn(said, 'Realtime', withUndefined);

    expect(templateIn(said).toJSON()).toEqual(templateIn(plain).toJSON());
  });

  it('can be weakened by name only', () => {
    const stack = shopStack();
    fanfareIn(stack, 'Realtime', { removal: RemovalPolicy.DESTROY, encryption: 'aws-managed' });

    templateIn(stack).resourceCountIs('AWS::KMS::Key', 0);
    expect(CONFIG).toContain('fanfare.config.ts');
  });
});

describe('a table of the app', () => {
  const tableIn = (stack: Stack) =>
    new TableV2(stack, 'Orders', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      dynamoStream: StreamViewType.NEW_IMAGE,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  const announce = fileURLToPath(new URL('announce.ts', import.meta.url));

  it('that handlers are given is named in their variables, and they may use single items of it and no more', () => {
    const stack = shopStack();
    fanfareIn(stack, 'Realtime', { tables: { orders: tableIn(stack) } });
    const template = templateIn(stack);
    const functions = Object.values(
      template.findResources('AWS::Lambda::Function', {
        Properties: { Environment: { Variables: { FANFARE_TABLE_orders: Match.anyValue() } } },
      }),
    );
    const sentences = permissionsOf(stack, 'Realtimedefault').filter((sentence) =>
      sentence.includes('Orders'),
    );

    expect(functions).toHaveLength(4);
    expect(sentences.join()).toMatch(/GetItem/);
    expect(sentences.join()).not.toMatch(/Scan|Query|Update|Batch/);
  });

  it('may not have a name that no variable has', () => {
    const stack = shopStack();

    expect(() => fanfareIn(stack, 'Realtime', { tables: { 'my-orders': tableIn(stack) } })).toThrow(
      'tables has "my-orders": a name has 1 to 64 of A-Z, a-z, 0-9 and _.',
    );
  });

  it('is published by a function that may read its stream, and publish to this stage only', () => {
    const stack = shopStack();
    fanfareIn(stack).publishChanges(tableIn(stack), announce);
    const template = templateIn(stack);

    for (const [name, find] of Object.entries(checks))
      expect(linesOf(find(readTemplate(template.toJSON()))), name).toEqual([]);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ FANFARE_STAGE: 'Shop-Realtime' }) },
    });
    const sentences = permissionsOf(stack, 'RealtimeChangesOrdersannounce').join('\n');
    expect(sentences).toMatch(/dynamodb:GetRecords/);
    expect(sentences).toMatch(/events:PutEvents/);
    expect(sentences).not.toMatch(/dynamodb:(?:GetItem|PutItem|Scan)/);
  });

  it('is not published without a stream, or without the file', () => {
    const stack = shopStack();
    const plain = new Table(stack, 'Plain', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    const fanfare = fanfareIn(stack);

    expect(() => fanfare.publishChanges(plain, announce)).toThrow(SettingError);
    expect(() => fanfare.publishChanges(plain, 'nowhere.ts')).toThrow('There is no file nowhere.ts in ');
  });
});

describe('an issuer of which only the name and the audience are said', () => {
  it('publishes its keys where Cognito and Auth0 do, and signs with RS256 or ES256', () => {
    const stack = shopStack();
    const issuers = [
      { issuer: 'https://shop.example/', audience: 'shop' },
      { issuer: 'https://id.example/pool', audience: { client_id: 'app' }, userPrefix: 'id|' },
    ];
    fanfareIn(stack, 'Realtime', { tokens: { issuers } });
    const algorithms = ['RS256', 'ES256'];

    templateIn(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          ISSUERS: Match.serializedJson([
            { ...issuers[0], jwksUrl: 'https://shop.example/.well-known/jwks.json', algorithms },
            { ...issuers[1], jwksUrl: 'https://id.example/pool/.well-known/jwks.json', algorithms },
          ]),
        }),
      },
    });
  });
});
