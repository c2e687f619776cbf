/**
 * The program of an execution environment: it loads the function once, then handles one event at a time.
 *
 * Plain JavaScript, because an environment starts from a file and should start without a compiler.
 */

import { EventEmitter, once } from 'node:events';
import { isMainThread, workerData } from 'node:worker_threads';
import { answerOf } from './handler-answer.mjs';
import { hostPort } from './host-port.mjs';
import { checkForm, loadHandler } from './load-handler.mjs';
import { leadToLocalHosts } from './local-hosts.mjs';
import { collector, defineGlobal, isStreaming, runStreaming } from './response-stream.mjs';
import { describeThrown } from './thrown.mjs';

/** @typedef {import('./environment-messages.ts').EnvironmentStart} EnvironmentStart */
/** @typedef {import('./environment-messages.ts').ToEnvironment} ToEnvironment */

const port = hostPort();
/** What the reader of a stream says: `taken` or `left`. */
const reader = new EventEmitter();

// A thread reports such an error by itself, with its class.
if (isMainThread) process.on('uncaughtException', endWith);
defineGlobal();
/** @type {EnvironmentStart} */
const {
  folder,
  handler: handlerName,
  runtime,
  facts,
  localHosts,
} = isMainThread ? JSON.parse(process.argv[2] ?? '') : workerData;
if (localHosts) leadToLocalHosts(localHosts);
const handler = await loadHandler(folder, handlerName);
if (!isStreaming(handler)) checkForm(handler, runtime);

port.listen(async (message) => {
  if (message.kind !== 'event') return void reader.emit(message.kind);
  const { event, requestId, deadline, isRead } = message;
  try {
    const context = lambdaContext(requestId, deadline);
    const json = isStreaming(handler)
      ? await streamed(JSON.parse(event), context, isRead)
      : (JSON.stringify(await answerOf(handler, JSON.parse(event), context, { runtime, port })) ?? 'null');
    port.send({ kind: 'result', json });
  } catch (error) {
    port.send({ kind: 'error', ...describeThrown(error) });
  }
});
port.send({ kind: 'loaded' });

/**
 * @param {unknown} event
 * @param {unknown} context
 * @param {boolean} isRead whether a reader takes the chunks. A chunk is sent when the one before was taken
 */
async function streamed(event, context, isRead) {
  const collected = collector();
  reader.removeAllListeners();
  const send = async (/** @type {import('./streamed-part.ts').StreamedPart} */ part) => {
    port.send({ kind: 'part', part });
    await once(reader, 'taken');
  };
  await runStreaming(handler, event, context, isRead ? send : collected.sink, (leave) =>
    reader.once('left', leave),
  );
  return isRead ? 'null' : collected.json();
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

/** @param {unknown} thrown */
function endWith(thrown) {
  const end = () => process.exit(1);
  if (process.send) process.send({ kind: 'died', ...describeThrown(thrown) }, end);
  else end();
}
