/** Turns the flags that all programs share into options of the runtime. */

import type { Options } from './options.ts';
import type { RuntimeOptions } from './runtime-options.ts';

/** @param report Prints a line of a function, or a sentence of the runtime. */
export function runtimeOptions(
  options: Options,
  report: (line: string) => void,
): Omit<RuntimeOptions, 'assemble'> {
  return {
    port: options.port,
    dynamodbEndpoint: process.env['DYNAMODB_ENDPOINT'],
    maxEnvironments: options.environments,
    quotas: options.quotas ? {} : undefined,
    timers: { idleTimeoutMs: options.idleTimeoutMs, lifetimeMs: options.lifetimeMs },
    onOutput: (functionName, line) => report(`[${functionName}] ${line}`),
    onNote: report,
  };
}
