import { describe, expect, it } from 'vitest';
import { stageNeeds } from '../../../bin/account/stage-needs.ts';
import { synthesizedStage } from '../../../bin/account/synthesized-stage.ts';
import { type StageSettings, stages } from '../../../lib/settings/stage-settings.ts';
import { ownEdge } from '../../lib/template.ts';

const needsOf = (settings: StageSettings) => stageNeeds(settings, synthesizedStage(settings));

const plain: StageSettings = {
  ...stages.dev,
  fallback: 'none',
  gatewayLogRole: 'existing',
  encryption: 'aws-managed',
};
const demanding: StageSettings = {
  ...stages.prod,
  fallback: { concurrency: 123, streamSeconds: 870 },
  gatewayLogRole: 'create',
  encryption: 'customer-managed',
};

describe('what a stage needs of an account', () => {
  it('is read from the template of its settings', () => {
    expect(needsOf(demanding)).toMatchObject({
      stage: 'prod',
      stackName: 'Fanfare-prod',
      reservations: [{ executions: 123 }],
      setsLogRole: true,
      usesLogRole: true,
      httpAccessLogs: 1,
      makesKey: true,
      hasFunctionUrl: true,
    });
    expect(needsOf(plain)).toMatchObject({
      stage: 'dev',
      reservations: [],
      setsLogRole: false,
      usesLogRole: true,
      httpAccessLogs: 1,
      makesKey: false,
      hasFunctionUrl: false,
      keptTables: [],
    });
  });

  it('has the bootstrap version that the CDK writes beside the template', () => {
    expect(needsOf(plain).bootstrapVersion).toBeGreaterThanOrEqual(6);
  });

  it('names the functions that are called by their names, and every table that stays', () => {
    const { fixedNames, keptTables } = needsOf(demanding);

    expect(fixedNames.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Fanfare-prod-deliver', 'Fanfare-prod-farewell']),
    );
    expect(keptTables.length).toBeGreaterThanOrEqual(12);
  });

  it('counts readers of streams, and workers that may start themselves', () => {
    const { streamReaders, recursiveFunctions } = needsOf({
      ...demanding,
      lifecycleEvents: { connections: true, channels: true, members: true, messages: 'none' },
    });

    expect(streamReaders).toBe(3);
    expect(recursiveFunctions).toBeGreaterThanOrEqual(1);
  });

  it('adds up what the throttles let through', () => {
    const settings: StageSettings = {
      ...plain,
      routeThrottles: {
        $connect: { rateLimit: 50, burstLimit: 30 },
        $default: { rateLimit: 400, burstLimit: 200 },
        ping: { rateLimit: 1, burstLimit: 1 },
      },
      apiThrottle: { rateLimit: 60, burstLimit: 20 },
    };

    // Two invocations for each handshake and for each request with a token.
    expect(needsOf(settings).share).toMatchObject({ handshakesPerSecond: 80, invocationsPerSecond: 620 });
    expect(needsOf({ ...settings, apiAuthorization: 'iam' }).share.invocationsPerSecond).toBe(560);
  });

  it('has every other deployed stage as a neighbour, and not the laptop', () => {
    const others = Object.keys(stages).filter((name) => name !== 'local' && name !== 'dev');

    expect(others).toContain('prod');
    expect(needsOf(plain).neighbours.map(({ stackName }) => stackName)).toEqual(
      others.map((name) => `Fanfare-${name}`),
    );
  });

  it('has an edge if the stage has one', () => {
    expect(needsOf({ ...plain, edge: ownEdge })).toMatchObject({
      edge: { stackName: 'Fanfare-dev-edge', region: 'us-east-1' },
    });
    expect(needsOf(plain).edge).toBeUndefined();
  });
});
