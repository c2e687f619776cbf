/** Serves functions that no route leads to, for one test, each under its name in the template. */

import { onTestFinished } from 'vitest';
import { webSocketTemplate } from '../fixtures/web-socket-template.ts';
import type { Runtime, RuntimeOptions } from '../runtime.ts';
import { Queue } from './queue.ts';
import { runTemplate, type Sources } from './run-template.ts';

export interface ServedFunctions {
  readonly runtime: Runtime;
  /** The Lambda API. */
  readonly lambda: string;
  /** What the functions print. */
  readonly output: Queue<string>;
}

/** A runtime that retries at once, which the end of the test closes. */
export async function serveFunctions(
  sources: Sources,
  more: object = {},
  options: RuntimeOptions = {},
): Promise<ServedFunctions> {
  const output = new Queue<string>();
  const functions = Object.keys(sources).map((name) => [name, functionResource(name)] as const);
  const template = webSocketTemplate({}, { ...Object.fromEntries(functions), ...more });
  const runtime = await runTemplate(template, sources, {
    asyncRetryDelaysMs: [0],
    onOutput: (_functionName, line) => output.put(line),
    ...options,
  });
  onTestFinished(() => runtime.close());
  return { runtime, lambda: runtime.urls.lambda, output };
}

/** A function that no route leads to, in a template. */
export function functionResource(code: string) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: { Code: { S3Key: code }, Handler: 'index.handler', Timeout: 10, RecursiveLoop: 'Allow' },
  };
}

/** The event configuration of a function in the template. Destinations are names of functions. */
export function eventInvokeConfig(functionName: string, properties: EventInvokeProperties) {
  const { retries, onSuccess, onFailure } = properties;
  return {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: {
      FunctionName: { Ref: functionName },
      Qualifier: '$LATEST',
      ...(retries !== undefined && { MaximumRetryAttempts: retries }),
      DestinationConfig: {
        ...(onSuccess !== undefined && { OnSuccess: destination(onSuccess) }),
        ...(onFailure !== undefined && { OnFailure: destination(onFailure) }),
      },
    },
  };
}

export interface EventInvokeProperties {
  readonly retries?: number;
  readonly onSuccess?: string;
  readonly onFailure?: string;
}

function destination(functionName: string) {
  return { Destination: { 'Fn::GetAtt': [functionName, 'Arn'] } };
}
