/**
 * The program of an execution environment: it loads the bundle once, then handles one event at a time.
 *
 * Plain JavaScript, because a worker thread starts from a file and should start without a compiler.
 */

import { EventEmitter, once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { leadToLocalHosts } from './local-hosts.mjs';
import { collector, defineGlobal, isStreaming, runStreaming } from './response-stream.mjs';
import { describeThrown } from './thrown.mjs';

/** @typedef {import('node:worker_threads').MessagePort} MessagePort */
/** @typedef {{ event: string, requestId: string, deadline: number, stream?: MessagePort }} Invocation */

const port = parentPort;
if (!port) throw new Error('bootstrap.mjs runs in a worker thread');

/** @type {{ module: string, export: string, facts: Record<string, string>, localHosts?: Record<string, string> }} */
const { module, export: exportName, facts, localHosts } = workerData;
defineGlobal();
if (localHosts) leadToLocalHosts(localHosts);
const loaded = await import(module);
// Node does not find the names of every CommonJS export.
const handler = loaded[exportName] ?? loaded.default?.[exportName];
if (typeof handler !== 'function') throw new Error(`${module} exports no function ${exportName}`);

/** The number of parameters of a handler with a callback. */
const WITH_CALLBACK = 3;

/** Events and results are JSON, as between Lambda and its callers. A result is posted as plain text, because that is copied fastest. */
port.on('message', async (/** @type {Invocation} */ { event, requestId, deadline, stream }) => {
  try {
    const run = isStreaming(handler) ? streamed : plain;
    port.postMessage(await run(JSON.parse(event), lambdaContext(requestId, deadline), stream));
  } catch (error) {
    port.postMessage(describeThrown(error));
  }
});
port.postMessage('loaded');

/**
 * @param {unknown} event
 * @param {unknown} context
 */
async function plain(event, context) {
  return JSON.stringify(await settled(event, context)) ?? 'null';
}

/**
 * A handler with a callback may answer by the callback or by its return value.
 *
 * @param {unknown} event
 * @param {unknown} context
 * @returns {Promise<unknown>}
 */
async function settled(event, context) {
  if (handler.length < WITH_CALLBACK) return handler(event, context);
  return new Promise((resolve, reject) => {
    const callback = (/** @type {unknown} */ error, /** @type {unknown} */ result) =>
      error === undefined || error === null ? resolve(result) : reject(error);
    const returned = handler(event, context, callback);
    if (returned instanceof Promise) returned.then(resolve, reject);
  });
}

/**
 * @param {unknown} event
 * @param {unknown} context
 * @param {MessagePort | undefined} stream the receiver of the chunks. A chunk is sent when the one before was taken
 */
async function streamed(event, context, stream) {
  const collected = collector();
  const answers = new EventEmitter();
  stream?.on('message', (/** @type {'taken' | 'left'} */ answer) => answers.emit(answer));
  const send = async (/** @type {unknown} */ part) => {
    stream?.postMessage(part);
    await once(answers, 'taken');
  };
  await runStreaming(handler, event, context, stream ? send : collected.sink, (leave) =>
    answers.once('left', leave),
  );
  return stream ? 'null' : collected.json();
}

/**
 * @param {string} awsRequestId
 * @param {number} deadline Milliseconds since 1970.
 */
function lambdaContext(awsRequestId, deadline) {
  return {
    ...facts,
    awsRequestId,
    functionVersion: '$LATEST',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}
