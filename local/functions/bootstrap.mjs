/**
 * What runs inside an execution environment: loads the bundle once, then handles one event at a time.
 *
 * Plain JavaScript, because a worker thread starts from a file and should start without a compiler.
 */

import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { collector, defineGlobal, isStreaming, runStreaming } from './response-stream.mjs';
import { describeThrown } from './thrown.mjs';

/** @typedef {{ deadline: number } & Record<string, unknown>} Context */
/** @typedef {import('node:worker_threads').MessagePort} MessagePort */
/** @typedef {{ event: string, context: Context, stream?: MessagePort }} Invocation */

const port = parentPort;
if (!port) throw new Error('bootstrap.mjs runs in a worker thread');

/** @type {{ module: string, export: string }} */
const { module, export: exportName } = workerData;
defineGlobal();
const handler = (await import(module))[exportName];
if (typeof handler !== 'function') throw new Error(`${module} exports no function ${exportName}`);

/** Events and results are JSON, as between Lambda and its callers. */
port.on('message', async (/** @type {Invocation} */ { event, context, stream }) => {
  try {
    const run = isStreaming(handler) ? streamed : plain;
    port.postMessage({ kind: 'result', json: await run(JSON.parse(event), lambdaContext(context), stream) });
  } catch (error) {
    port.postMessage({ kind: 'error', ...describeThrown(error) });
  }
});

/**
 * @param {unknown} event
 * @param {unknown} context
 */
async function plain(event, context) {
  return JSON.stringify(await handler(event, context)) ?? 'null';
}

/**
 * @param {unknown} event
 * @param {unknown} context
 * @param {MessagePort | undefined} stream where the chunks go, one after the other, each when the one before was taken
 */
async function streamed(event, context, stream) {
  const collected = collector();
  const send = async (/** @type {unknown} */ part) => {
    stream?.postMessage(part);
    if (stream) await once(stream, 'message');
  };
  await runStreaming(handler, event, context, stream ? send : collected.sink);
  return stream ? 'null' : collected.json();
}

/** @param {Context} context */
function lambdaContext({ deadline, ...facts }) {
  return {
    ...facts,
    functionVersion: '$LATEST',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}
