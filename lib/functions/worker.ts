/** A function that is started by its name, which exists before the function does. */

import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { FunctionName } from '../../lambdas/manifest/manifest.ts';
import type { Worker } from './bindings.ts';
import { functionNameOf } from './function-names.ts';

/** @throws Error for a function without a fixed name. */
export function workerOf(scope: Construct, of: FunctionName, uniqueName: string): Worker {
  const name = functionNameOf(of, uniqueName, { names: 'generated' });
  if (name === undefined) throw new Error(`The worker ${of} has no fixed name`);
  const arn = Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return { name, arn };
}
