/** Stacks with constructs for tests, synthesized without bundling the functions. */

import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { Fanfare } from '../../lib/fanfare.ts';
import type { FanfareProps } from '../../lib/fanfare-props.ts';

export const CONFIG = fileURLToPath(new URL('../../fanfare.config.ts', import.meta.url));

const code = () => Code.fromAsset(fileURLToPath(new URL('function', import.meta.url)));

/** A stack of an app, named `Shop`. @param context As the local runtime passes it, for example. */
export function shopStack(context: Readonly<Record<string, unknown>> = {}): Stack {
  const app = new App({ context: { ...cdkJson.context, ...context }, analyticsReporting: false });
  return new Stack(app, 'Shop');
}

export function fanfareIn(stack: Stack, id = 'Realtime', props: Partial<FanfareProps> = {}): Fanfare {
  return new Fanfare(stack, id, { config: CONFIG, code, ...props });
}

export const templateIn = (stack: Stack) => Template.fromStack(stack);
