/**
 * Waits for the answer of a handler by the rules of its runtime version.
 *
 * - From Node.js 24 on, the answer is what the handler returns, or what its promise becomes.
 * - Before, it is what its promise becomes, or what it calls back. A plain value that it returns is dropped. A handler that does neither has
 *   answered `null` when it has nothing left to do.
 *
 * Plain JavaScript, because execution environments load it.
 */

import { takesPlainResults } from './load-handler.mjs';

/** @typedef {(error: unknown, result?: unknown) => void} Callback */

/**
 * @param {Function} handler
 * @param {unknown} event
 * @param {{ callbackWaitsForEmptyEventLoop: boolean }} context
 * @param {{ runtime: string, port: import('./host-port.mjs').HostPort }} environment
 * @returns {Promise<unknown>}
 */
export async function answerOf(handler, event, context, { runtime, port }) {
  if (takesPlainResults(runtime)) return handler(event, context);
  return new Promise((resolve, reject) => {
    const idle = untilIdle(port);
    let isSettled = false;
    /** @type {Callback} */
    const settle = (error, result) => {
      isSettled = true;
      idle.forget();
      if (error === undefined || error === null) resolve(result);
      else reject(error);
    };
    /** @type {Callback} */
    const callback = (error, result) => {
      if (isSettled) return;
      if (!context.callbackWaitsForEmptyEventLoop) settle(error, result);
      else idle.begin(() => settle(error, result));
    };
    Object.assign(context, {
      done: callback,
      succeed: (/** @type {unknown} */ result) => callback(null, result),
      fail: (/** @type {unknown} */ error) => callback(error ?? new Error('handled')),
    });
    idle.begin(() => settle(null, null));
    let returned;
    try {
      returned = handler(event, context, callback);
    } catch (error) {
      settle(error);
      return;
    }
    if (typeof returned?.then !== 'function') return;
    // The environment stays alive for a promise that nothing settles, until its time is over.
    idle.forget();
    returned.then(
      (/** @type {unknown} */ result) => settle(null, result),
      (/** @type {unknown} */ error) => settle(error ?? new Error(String(error))),
    );
  });
}

/**
 * Calls back when the event loop has nothing left to do. The line to the runtime does not count.
 *
 * @param {import('./host-port.mjs').HostPort} port
 */
function untilIdle(port) {
  let then = () => {};
  const tell = () => then();
  return {
    /** @param {() => void} listener */
    begin(listener) {
      then = listener;
      process.removeListener('beforeExit', tell);
      process.once('beforeExit', tell);
      port.release();
    },
    forget() {
      process.removeListener('beforeExit', tell);
      port.hold();
    },
  };
}
