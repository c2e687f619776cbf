import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  functionNames as allFunctions,
  type FunctionManifest,
  type FunctionName,
  manifest,
  type Need,
} from '../../lambdas/manifest/manifest.ts';
import { deployedFunctions } from '../../lib/settings/deployed-functions.ts';
import { stages } from '../../lib/settings/stage-settings.ts';
import { templateOf } from './template.ts';

const dev = templateOf('dev');
const prod = templateOf('prod');
const functionNames = deployedFunctions(stages.prod, []);

function functionResource(name: FunctionName) {
  const [found] = Object.values(
    prod.findResources('AWS::Lambda::Function', { Properties: { Description: manifest[name].purpose } }),
  );
  if (!found) throw new Error(`There is no function ${name}`);
  return found;
}

const ofKind = (kind: FunctionManifest['trigger']['kind']) =>
  functionNames.filter((name) => manifest[name].trigger.kind === kind);

/** With the seconds that the gateway waits: for a route of the WebSocket API (OR-7), and of the HTTP API (1). */
const awaited = [
  ...ofKind('route').map((name) => [name, 29] as const),
  ...ofKind('http').map((name) => [name, 30] as const),
];
/** (1) https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const HTTP_AUTHORIZER_SECONDS = 10;

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

  it('writes JSON, and no line of the platform for a run that went well', () => {
    prod.allResourcesProperties('AWS::Lambda::Function', {
      LoggingConfig: Match.objectLike({
        LogFormat: 'JSON',
        SystemLogLevel: 'WARN',
        ApplicationLogLevel: 'INFO',
      }),
    });
  });

  it.each(functionNames)('%s has the environment that its manifest declares', (name) => {
    const { Variables } = functionResource(name)['Properties'].Environment;

    expect(Object.keys(Variables).toSorted()).toEqual(
      [...Object.keys(manifest[name].needs), 'NODE_OPTIONS'].toSorted(),
    );
  });

  it.each(awaited)('%s ends before the gateway stops waiting for it, after %i s', (name, seconds) => {
    expect(functionResource(name)['Properties'].Timeout).toBeLessThan(seconds);
  });

  it.each(ofKind('http-authorizer'))('%s runs no longer than its gateway waits', (name) => {
    expect(functionResource(name)['Properties'].Timeout).toBeLessThanOrEqual(HTTP_AUTHORIZER_SECONDS);
  });

  it('may start itself as often as a lane has batches only if it is a worker and declares it', () => {
    const loops = functionNames.filter(
      (name) => functionResource(name)['Properties'].RecursiveLoop === 'Allow',
    );

    expect(loops).toEqual(['deliver', 'release', 'farewell']);
  });

  it('that posts to sockets has memory for the CPU of 32 TLS handshakes at once, but connect posts to eight', () => {
    const posting = allFunctions.filter((name) =>
      Object.values<Need>(manifest[name].needs).some(
        (need) => need.kind === 'management-api' && need.methods.includes('POST'),
      ),
    );
    const memories = posting.map((name) => [name, manifest[name].memoryMb] as const);

    expect(posting).toEqual(expect.arrayContaining(['fallback', 'farewell', 'release']));
    expect(memories.filter(([, memoryMb]) => memoryMb < 512)).toEqual([['connect', 256]]);
  });

  it('that runs without a caller waiting is repeated twice, for a quarter of an hour at most', () => {
    const alone = [...ofKind('asynchronous'), ...ofKind('event')];
    const patience = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 900 };

    prod.resourcePropertiesCountIs('AWS::Lambda::EventInvokeConfig', patience, alone.length);
    prod.resourceCountIs('AWS::Lambda::EventInvokeConfig', alone.length + ofKind('schedule').length);
  });

  it.each(ofKind('schedule'))(
    '%s runs every minute, and no run is repeated, late or longer than a minute',
    (name) => {
      const { Timeout } = functionResource(name)['Properties'];
      const rules = Object.values(
        prod.findResources('AWS::Events::Rule', { Properties: { ScheduleExpression: 'rate(1 minute)' } }),
      );

      expect(rules).toHaveLength(1);
      expect(rules[0]?.['Properties'].State).toBe('ENABLED');
      expect(JSON.stringify(rules[0]?.['Properties'].Targets)).toContain(
        `${name.replaceAll('-', '')}Function`,
      );
      expect(Timeout).toBeLessThanOrEqual(60);
      prod.resourcePropertiesCountIs(
        'AWS::Lambda::EventInvokeConfig',
        { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        1,
      );
    },
  );
});

describe('a delivery that fails', () => {
  const configs = Object.values(prod.findResources('AWS::Lambda::EventInvokeConfig'));
  const configOf = (name: FunctionName) =>
    configs.find(({ Properties }) => JSON.stringify(Properties.FunctionName).includes(`${name}Function`));

  it('goes to release in the end, which has no destination', () => {
    expect(configOf('deliver')?.['Properties'].DestinationConfig).toEqual({
      OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringMatching(/^releaseFunction/), 'Arn'] } },
    });
    expect(configOf('release')?.['Properties'].DestinationConfig).toBeUndefined();
  });

  it('was started under a name that its worker can use, too', () => {
    const { FunctionName } = functionResource('deliver')['Properties'];

    for (const name of ['default', 'deliver', 'release'] as const) {
      const { Variables } = functionResource(name)['Properties'].Environment;
      expect(Variables.DELIVERY_WORKER).toEqual(FunctionName);
    }
  });

  it('and one that succeeds take no more of the quota than the stage allows', () => {
    expect(functionResource('default')['Properties'].Environment.Variables.POSTS_PER_SECOND).toBe(
      String(stages.prod.postsPerSecond),
    );
  });
});
