import { describe, expect, it } from 'vitest';
import { deployedStage } from '../../lib/stage-settings.ts';

describe('a stage to deploy', () => {
  it.each(['dev', 'prod'])('may be %s', (name) => {
    expect(deployedStage(name).name).toBe(name);
  });

  it.each(['local', 'staging', undefined, 7])('may not be %j, and the choice is named', (name) => {
    expect(() => deployedStage(name)).toThrow('-c stage=dev or -c stage=prod');
  });
});
