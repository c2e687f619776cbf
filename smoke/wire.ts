/** Sockets over `ws`: Node.js 20 has no WebSocket of its own, and a browser's shows neither statuses nor frames. */

import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { Closing, Entry, Handshake, OpenSocket, Wire } from './stage.ts';

/** Longer than a cold authorizer and a cold `$connect` together. Milliseconds. */
const HANDSHAKE_MS = 20_000;

/** Of a refusal's body, for the report. Characters. */
const BODY_LENGTH = 200;

export function socketsAt(url: string): OpenSocket {
  return (handshake, onText) =>
    new Promise((resolve, reject) => {
      const socket = dial(url, handshake);
      // Listens from the start, because the first message may come in one packet with the 101.
      socket.on('message', (data, isBinary) => onText(isBinary ? '(a binary message)' : String(data)));
      socket.on('open', () => resolve({ kind: 'open', wire: wireOf(socket) }));
      socket.on('unexpected-response', (_request, response: IncomingMessage) => {
        // Ends the request after that, because `ws` reports an error for it.
        void readRefusal(response)
          .then(resolve, reject)
          .finally(() => socket.terminate());
      });
      // After the handshake, a close with the code follows each error.
      socket.on('error', reject);
    });
}

function dial(url: string, { path = '', query, protocols = [], headers = {} }: Handshake): WebSocket {
  const token = query === undefined ? '' : `?token=${encodeURIComponent(query)}`;
  return new WebSocket(`${url}${path}${token}`, [...protocols], {
    headers: { ...headers },
    handshakeTimeout: HANDSHAKE_MS,
    perMessageDeflate: false,
  });
}

async function readRefusal(response: IncomingMessage): Promise<Entry> {
  let body = '';
  for await (const chunk of response) body = (body + String(chunk)).slice(0, BODY_LENGTH);
  return { kind: 'refused', status: response.statusCode ?? 0, body };
}

function wireOf(socket: WebSocket): Wire {
  const closed = new Promise<Closing>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  return {
    protocol: socket.protocol,
    closed,
    send: (text) => socket.send(text),
    sendFragments(parts) {
      for (const [index, part] of parts.entries()) socket.send(part, { fin: index === parts.length - 1 });
    },
    sendBinary: (bytes) => socket.send(bytes),
    sendPingFrame: () => socket.ping(),
    close: () => socket.close(1000),
    cut: () => socket.terminate(),
  };
}
