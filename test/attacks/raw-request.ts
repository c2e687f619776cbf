/** A request as an attacker writes it: headers repeated and in any casing, on sockets and over HTTP. */

import { request } from 'node:http';

export interface RawRequest {
  readonly method?: string;
  /** Name and value in turn, sent unchanged. */
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
}

export interface RawAnswer {
  readonly status: number;
  /** Empty for a handshake that was accepted. */
  readonly text: string;
}

export function sendRaw(url: string, { method = 'GET', headers = [], body }: RawRequest = {}) {
  return new Promise<RawAnswer>((resolve, reject) => {
    const { host } = new URL(url);
    const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
    const asked = request(url, { method, headers: ['Host', host, ...length, ...headers] });
    asked.once('response', async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(Buffer.from(chunk));
      resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
    });
    asked.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, text: '' });
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

const UPGRADE = [
  ...['Connection', 'Upgrade'],
  ...['Upgrade', 'websocket'],
  ...['Sec-WebSocket-Version', '13'],
  ...['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
];

/** The status of a handshake: 101 if it was accepted. */
export async function shakeHands(url: string, headers: readonly string[] = []): Promise<number> {
  const { status } = await sendRaw(url.replace(/^ws/, 'http'), { headers: [...UPGRADE, ...headers] });
  return status;
}
