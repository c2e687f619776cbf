/**
 * What runs inside an execution environment: loads the bundle once, then handles one event at a time.
 *
 * Plain JavaScript, because a worker thread starts from a file and should start without a compiler.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { describeThrown } from './thrown.mjs';

/** @typedef {{ deadline: number } & Record<string, unknown>} Context */
/** @typedef {{ event: string, context: Context }} Invocation */

const port = parentPort;
if (!port) throw new Error('bootstrap.mjs runs in a worker thread');

/** @type {{ module: string, export: string }} */
const { module, export: exportName } = workerData;
const handler = (await import(module))[exportName];
if (typeof handler !== 'function') throw new Error(`${module} exports no function ${exportName}`);

/** Events and results are JSON, as between Lambda and its callers. */
port.on('message', async (/** @type {Invocation} */ { event, context }) => {
  try {
    const result = await handler(JSON.parse(event), lambdaContext(context));
    port.postMessage({ kind: 'result', json: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    port.postMessage({ kind: 'error', ...describeThrown(error) });
  }
});

/** @param {Context} context */
function lambdaContext({ deadline, ...facts }) {
  return {
    ...facts,
    functionVersion: '$LATEST',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}
