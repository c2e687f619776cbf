import { describe, expect, it } from 'vitest';
import { type FunctionManifest, type FunctionName, functionNames, manifest } from '../../lambdas/manifest.ts';
import { templateOf } from './template.ts';

const dev = templateOf('dev');
const prod = templateOf('prod');

function functionResource(name: FunctionName) {
  const [found] = Object.values(
    prod.findResources('AWS::Lambda::Function', { Properties: { Description: manifest[name].purpose } }),
  );
  if (!found) throw new Error(`There is no function ${name}`);
  return found;
}

const routed = functionNames.filter((name) => manifest[name].trigger.kind === 'route');

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

  it.each(routed)('%s ends before the gateway stops waiting for it', (name) => {
    expect(functionResource(name)['Properties'].Timeout).toBeLessThan(29);
  });

  it('may start itself as often as a lane has batches: only workers, and those by declaration', () => {
    const loops = functionNames.filter(
      (name) => functionResource(name)['Properties'].RecursiveLoop === 'Allow',
    );

    expect(loops).toEqual(['deliver', 'release']);
  });

  it('that nobody waits for is repeated twice, for a quarter of an hour at most', () => {
    const alone = functionNames.filter((name) => {
      const { trigger }: FunctionManifest = manifest[name];
      return trigger.kind === 'asynchronous';
    });

    prod.resourceCountIs('AWS::Lambda::EventInvokeConfig', alone.length);
    prod.allResourcesProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 900,
    });
  });
});

describe('a delivery that fails', () => {
  const configs = Object.values(prod.findResources('AWS::Lambda::EventInvokeConfig'));
  const configOf = (name: FunctionName) =>
    configs.find(({ Properties }) => JSON.stringify(Properties.FunctionName).includes(`${name}Function`));

  it('goes to release in the end, and from there nowhere', () => {
    expect(configOf('deliver')?.['Properties'].DestinationConfig).toEqual({
      OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringMatching(/^releaseFunction/), 'Arn'] } },
    });
    expect(configOf('release')?.['Properties'].DestinationConfig).toBeUndefined();
  });

  it('was started under a name that its worker can start it by, too', () => {
    const { FunctionName } = functionResource('deliver')['Properties'];

    for (const name of ['default', 'deliver', 'release'] as const) {
      const { Variables } = functionResource(name)['Properties'].Environment;
      expect(Variables.DELIVERY_WORKER).toEqual(FunctionName);
    }
  });

  it('and one that does not, take no more of the quota than the stage allows', () => {
    expect(functionResource('default')['Properties'].Environment.Variables.POSTS_PER_SECOND).toBe('5000');
  });
});
