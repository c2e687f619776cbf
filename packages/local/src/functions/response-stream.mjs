/**
 * The global `awslambda` of Lambda's Node.js runtime, with which a handler streams its response.
 *
 * Plain JavaScript, because execution environments load it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
 */

import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** @typedef {import('./streamed-part.ts').StreamedPart} StreamedPart */
/** @typedef {(part: StreamedPart) => Promise<void>} Sink settles when the next part may be written */

/** The symbol by which Lambda's own runtime recognises a streaming handler (github.com/aws/aws-lambda-nodejs-runtime-interface-client). */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

class ResponseStream extends Writable {
  /** @type {unknown} */
  metadata;
  hasLeft = false;
  /** @type {string} */
  #contentType = DEFAULT_CONTENT_TYPE;
  /** @type {Sink} */
  #sink;
  #begun = false;

  /** @param {Sink} sink */
  constructor(sink) {
    super();
    this.#sink = sink;
  }

  /** @param {string} contentType */
  setContentType(contentType) {
    if (this.#begun) throw new Error('Cannot set content-type, too late.');
    this.#contentType = contentType;
  }

  /** The reader has left. A handler that listens can stop. Later writes are dropped. */
  leave() {
    this.hasLeft = true;
    this.emit('close');
  }

  /**
   * Values that are neither text nor bytes are written as JSON.
   *
   * @override
   * @param {unknown} chunk
   * @param {any[]} rest
   */
  write(chunk, ...rest) {
    const isPlain = typeof chunk === 'string' || chunk instanceof Uint8Array;
    return super.write(isPlain ? chunk : JSON.stringify(chunk), ...rest);
  }

  /**
   * @override
   * @param {Uint8Array} chunk
   * @param {string} _encoding
   * @param {(error?: Error | null) => void} callback
   */
  _write(chunk, _encoding, callback) {
    const head = { contentType: this.#contentType, metadata: this.metadata };
    const part = this.#begun ? { bytes: chunk } : { head, bytes: chunk };
    this.#begun = true;
    this.#sink(part).then(() => callback(), callback);
  }

  /**
   * The metadata is sent with the first chunk. Without a chunk it is lost, as in Lambda's own runtime.
   *
   * @override
   * @param {(error?: Error | null) => void} callback
   */
  _final(callback) {
    if (this.#begun) return callback();
    const head = { contentType: DEFAULT_CONTENT_TYPE, metadata: undefined };
    this.#sink({ head, bytes: new Uint8Array() }).then(() => callback(), callback);
  }
}

const awslambda = {
  /** @param {Function} handler */
  streamifyResponse: (handler) => Object.assign(handler, { [STREAMING]: 'response' }),
  HttpResponseStream: {
    /**
     * @param {ResponseStream} stream
     * @param {unknown} metadata status, headers and cookies
     */
    from: (stream, metadata) => Object.assign(stream, { metadata }),
  },
};

export function defineGlobal() {
  Object.assign(globalThis, { awslambda });
}

/** @param {Function} handler */
export function isStreaming(handler) {
  return STREAMING in handler;
}

/**
 * Runs a streaming handler. Settles when the handler and its stream have ended.
 *
 * @param {Function} handler
 * @param {unknown} event
 * @param {unknown} context
 * @param {Sink} sink
 * @param {(leave: () => void) => void} onLeft gets a function to call when the reader has left
 */
export async function runStreaming(handler, event, context, sink, onLeft = () => {}) {
  const stream = new ResponseStream(sink);
  onLeft(() => stream.leave());
  const ended = finished(stream);
  // If the handler fails first, an error of the stream must not be reported as unhandled.
  ended.catch(() => {});
  const running = handler(event, stream, context);
  if (typeof running?.then !== 'function') throw new Error('Streaming does not support non-async handlers.');
  try {
    await running;
    await ended;
  } catch (error) {
    // A reader that leaves is no failure of the function. The function may stop, and a pipeline stops by itself.
    if (!stream.hasLeft || !isCutShort(error)) throw error;
  }
}

/** @param {unknown} error */
function isCutShort(error) {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Collects the chunks for a caller that waits for the whole. The metadata stands in front, followed by eight zero bytes. */
export function collector() {
  /** @type {Uint8Array[]} */
  const chunks = [];
  return {
    /** @type {Sink} */
    async sink({ head, bytes }) {
      if (head?.metadata !== undefined)
        chunks.push(Buffer.from(JSON.stringify(head.metadata)), new Uint8Array(8));
      chunks.push(bytes);
    },
    /** The result as JSON: the written JSON value, or the text as a JSON string. */
    json() {
      const text = Buffer.concat(chunks).toString('utf8');
      return isJson(text) ? text : JSON.stringify(text);
    },
  };
}

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
