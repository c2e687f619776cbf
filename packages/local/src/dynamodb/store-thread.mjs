/**
 * The thread in which dynalite runs, so that no frame and no post waits for its computations.
 *
 * Plain JavaScript, because a worker thread starts from a file and should start without a compiler.
 */

import { EventEmitter } from 'node:events';
import { parentPort } from 'node:worker_threads';
import dynalite from 'dynalite';

/** @typedef {import('./store-behind.ts').Asked} Asked */
/** @typedef {import('./store-behind.ts').Answered} Answered */
/** @typedef {Record<string, string | number>} Headers */

const port = parentPort;
if (!port) throw new Error('store-thread.mjs runs in a worker thread');

const store = dynalite({ createTableMs: 0 });

/** It reads a request by its events and writes its answer at once, so it needs no socket. */
port.on('message', (/** @type {Asked} */ { id, headers, body }) => {
  const request = Object.assign(new EventEmitter(), { method: 'POST', url: '/', headers });
  const response = new CollectedResponse((answer) => port.postMessage({ id, ...answer }));
  store.emit('request', request, response);
  request.emit('data', Buffer.from(body));
  request.emit('end');
});

/** As much of a response as dynalite uses. */
class CollectedResponse {
  statusCode = 200;
  /** @type {Headers} */
  headers = {};

  /** @param {(answer: Omit<Answered, 'id'>) => void} onEnd */
  constructor(onEnd) {
    this.onEnd = onEnd;
  }

  /**
   * @param {string} name
   * @param {string | number} value
   */
  setHeader(name, value) {
    this.headers[name] = value;
  }

  end(body = '') {
    this.onEnd({ status: this.statusCode, headers: this.headers, body });
  }
}
