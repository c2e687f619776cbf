/** A client that missed 10,000 messages and resumes, beside reading the same messages by `history` alone. */

import { connect } from 'fanfare-client';
import { historyOf } from 'fanfare-client/history';
import { startRuntime } from 'fanfare-local';
import { MESSAGES_PER_PUBLISH } from 'fanfare-protocol/limits';
import { WebSocket } from 'ws';
import { withFanfare } from '../bin/fanfare-runtime.ts';
import { markdownTable, publishPage } from './report.ts';

const MISSED = 10_000;
const CHANNEL = 'open:missed';
const DATA = 'x'.repeat(100);

export async function benchResume(): Promise<void> {
  const runtime = await startRuntime(withFanfare());
  const connection = connect(runtime.urls.websocket, { webSocket: WebSocket });
  const channel = connection.channel(CHANNEL);
  const before = channel.subscribe(() => {});
  await before.ready;
  const position = before.position ?? 0;
  before.unsubscribe();
  for (let sent = 0; sent < MISSED; sent += MESSAGES_PER_PUBLISH) {
    await Promise.all(Array.from({ length: MESSAGES_PER_PUBLISH }, () => channel.publish(DATA)));
  }

  const resumed = await timed(() => resume(runtime.urls.websocket, position));
  const read = await timed(() => readHistory(runtime.urls.websocket, position));
  connection.close();
  await runtime.close();
  const isComplete = [resumed, read].every(({ numbers }) => isConsecutive(numbers, position));
  await publishPage(
    'resume',
    `# Resuming after ${MISSED.toLocaleString('en-US')} missed messages

Messages of ${DATA.length} bytes, over the local runtime, connecting included. ${isComplete ? 'All arrived, in order, both ways.' : 'BROKEN: something is missing or out of order.'}

${markdownTable(
  ['way', 'messages', 'seconds'],
  [
    [
      'subscribe with a position (and history for what the reply has no room for)',
      resumed.numbers.length,
      resumed.seconds,
    ],
    ['history alone, a page after the other', read.numbers.length, read.seconds],
  ],
)}`,
  );
}

/** The numbers in the order in which they were delivered. */
async function resume(url: string, after: number): Promise<number[]> {
  const numbers: number[] = [];
  const connection = connect(url, { webSocket: WebSocket });
  await new Promise<void>((done) => {
    connection.channel(CHANNEL).subscribe(
      ({ seq = 0 }) => {
        numbers.push(seq);
        if (numbers.length === MISSED) done();
      },
      { after },
    );
  });
  connection.close();
  return numbers;
}

async function readHistory(url: string, position: number): Promise<number[]> {
  const numbers: number[] = [];
  const connection = connect(url, { webSocket: WebSocket });
  for (let after = position, more = true; more; after = numbers.at(-1) ?? position) {
    const page = await historyOf(connection.channel(CHANNEL), { after, limit: 1_000 });
    numbers.push(...page.messages.map(({ seq = 0 }) => seq));
    more = page.more;
  }
  connection.close();
  return numbers;
}

async function timed(run: () => Promise<number[]>): Promise<{ numbers: number[]; seconds: string }> {
  const started = performance.now();
  const numbers = await run();
  return { numbers, seconds: ((performance.now() - started) / 1000).toFixed(2) };
}

function isConsecutive(numbers: readonly number[], position: number): boolean {
  return numbers.length === MISSED && numbers.every((seq, index) => seq === position + 1 + index);
}
