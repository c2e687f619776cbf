/** Sends the bytes of a request as a test wrote them, which no HTTP client would do. */

import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 when the server closed without an answer. */
  readonly status: number;
  /** Everything that was received. */
  readonly text: string;
}

export interface RawRequest {
  readonly method?: string;
  /** The path in the request line. */
  readonly target: string;
  readonly version?: string;
  /** Lines of the head, without the request line. */
  readonly lines: readonly string[];
  readonly body?: string;
}

const HEAD_END = '\r\n\r\n';
const SWITCHED = 'HTTP/1.1 101';

/** Whether the answer is complete, although the server may keep the connection open. */
function isWhole(text: string): boolean {
  const end = text.indexOf(HEAD_END);
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1];
  return (
    text.startsWith(SWITCHED) ||
    (length !== undefined && text.length >= end + HEAD_END.length + Number(length))
  );
}

/** Resolves when the answer is whole, the server hangs up, or it accepts an upgrade. */
export async function sendBytes(port: number, request: RawRequest, host = '127.0.0.1'): Promise<RawAnswer> {
  const { method = 'GET', target, version = '1.1', lines, body = '' } = request;
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const closes = lines.some((line) => /^connection:/i.test(line)) ? [] : ['Connection: close'];
  const head = [`${method} ${target} HTTP/${version}`, ...lines, ...length, ...closes];
  const socket = connect(port, host);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    if (isWhole(text)) socket.destroy();
  });
  // A reset is an answer, too: the server hung up.
  socket.on('error', () => socket.destroy());
  socket.write(`${head.join('\r\n')}${HEAD_END}${body}`);
  await once(socket, 'close');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}
