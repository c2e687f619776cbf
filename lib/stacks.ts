/** The stacks of a stage: the backend, and the edge if the stage has one. */

import type { App } from 'aws-cdk-lib';
import config from '../fanfare.config.ts';
import { EdgeStack } from './edge/edge-stack.ts';
import { FanfareStack, type FanfareStackProps } from './fanfare-stack.ts';
import { checkConfig } from './settings/check-config.ts';
import { stackNameOf } from './settings/stack-name.ts';

export interface Stacks {
  readonly backend: FanfareStack;
  readonly edge?: EdgeStack;
}

export function addStacks(
  app: App,
  { settings, code }: Pick<FanfareStackProps, 'settings' | 'code'>,
): Stacks {
  const { name, edge } = settings;
  checkConfig(config, { local: name === 'local' });
  const backend = new FanfareStack(app, stackNameOf(name), { settings, code });
  if (edge === 'none') return { backend };
  return { backend, edge: new EdgeStack(app, `Fanfare-${name}-edge`, { edge, settings, backend }) };
}
