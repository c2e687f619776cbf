/**
 * The line between an execution environment and the runtime, the same in a process as in a worker thread.
 *
 * Plain JavaScript, because execution environments load it.
 */

import { parentPort } from 'node:worker_threads';

/**
 * @typedef {object} HostPort
 * @property {(message: import('./environment-messages.ts').FromEnvironment) => void} send
 * @property {(listener: (message: import('./environment-messages.ts').ToEnvironment) => void) => void} listen
 * @property {() => void} hold The environment stays alive while it waits for a message.
 * @property {() => void} release The environment ends by itself when it has nothing to do but to wait for a message.
 */

/** @returns {HostPort} */
export function hostPort() {
  return parentPort ? threadPort(parentPort) : processPort();
}

/**
 * @param {import('node:worker_threads').MessagePort} port
 * @returns {HostPort}
 */
function threadPort(port) {
  return {
    send: (message) => port.postMessage(message),
    listen: (listener) => port.on('message', listener),
    hold: () => port.ref(),
    release: () => port.unref(),
  };
}

/** @returns {HostPort} */
function processPort() {
  // The runtime has ended without a word, so no more events will come.
  process.on('disconnect', () => process.exit());
  return {
    send: (message) => void process.send?.(message),
    listen: (listener) => process.on('message', listener),
    hold: () => process.channel?.ref(),
    release: () => process.channel?.unref(),
  };
}
