/** The stacks of a stage: the backend, and the edge if the stage has one. */

import type { App } from 'aws-cdk-lib';
import { EdgeStack } from './edge/edge-stack.ts';
import { FanfareStack, type FanfareStackProps } from './fanfare-stack.ts';
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
  const backend = new FanfareStack(app, stackNameOf(name), { settings, ...(code && { code }) });
  if (edge === 'none') return { backend };
  return { backend, edge: new EdgeStack(app, `Fanfare-${name}-edge`, { edge, settings, backend }) };
}
