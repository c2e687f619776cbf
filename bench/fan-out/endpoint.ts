/** A process that stands for the platform's `@connections`. It answers posts on loopback, and counts which connections got one. */

import { randomUUID } from 'node:crypto';
import net, { type Server, type Socket } from 'node:net';
import tls, { TLSSocket } from 'node:tls';
import * as v from 'valibot';
import { tellParent } from '../child.ts';
import { type EndpointAnswer, policyOf } from './answers.ts';
import { loopbackCertificate } from './certificate.ts';
import { behaviour, type Listening, type Report } from './endpoint-messages.ts';
import { requestReader } from './request-reader.ts';

const STAGE = '/prod';
const PATH = `${STAGE}/%40connections/`;

const reasons = { 200: 'OK', 410: 'Gone', 429: 'Too Many Requests', 500: 'Internal Server Error' };
const errors = {
  200: '',
  410: 'x-amzn-ErrorType: GoneException\r\n',
  429: 'x-amzn-ErrorType: LimitExceededException\r\n',
  500: 'x-amzn-ErrorType: InternalServerErrorException\r\n',
};

const told = v.parse(behaviour, JSON.parse(process.argv[2] ?? '{}'));
const policy = policyOf(told);
const answers = new Map<EndpointAnswer, number>();
const deliveries = new Map<string, number>();
const requestId = randomUUID();
let date = new Date().toUTCString();
setInterval(() => {
  date = new Date().toUTCString();
}, 1_000).unref();

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on(
    'data',
    requestReader((path) => {
      const connectionId = path.slice(PATH.length).replace('%3D', '=');
      const answer = policy(connectionId, performance.now());
      count(answers, answer);
      if (answer === 200) count(deliveries, connectionId);
      give(answer, socket);
    }),
  );
}

function give(answer: EndpointAnswer, socket: Socket): void {
  if (answer === 'silent') return;
  if (answer === 'reset') reset(socket);
  else socket.write(response(answer), 'latin1');
}

/** The headers that the real one sends (MG-6). */
function response(status: keyof typeof reasons): string {
  return `HTTP/1.1 ${status} ${reasons[status]}\r\nDate: ${date}\r\nContent-Type: application/json\r\nContent-Length: 0\r\nConnection: keep-alive\r\nx-amzn-RequestId: ${requestId}\r\n${errors[status]}\r\n`;
}

/** Only a plain socket can be reset; to the client of an encrypted one, a sudden end is much the same. */
function reset(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function listen(server: Server, scheme: string, ca?: string): void {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, () => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const first: Listening = {
      url: `${scheme}://127.0.0.1:${port}${STAGE}`,
      ...(ca !== undefined && { ca }),
    };
    tellParent(first);
  });
}

if (told.tls) {
  const certificate = loopbackCertificate();
  listen(tls.createServer(certificate, serve), 'https', certificate.cert);
} else {
  listen(net.createServer(serve), 'http');
}

process.on('message', () => {
  const report: Report = { answers: Object.fromEntries(answers), deliveries: [...deliveries] };
  tellParent(report);
});
process.on('disconnect', () => process.exit());
