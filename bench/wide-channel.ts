/** Serves 50,000 subscribers of one channel by asynchronous workers, and kills one worker with every message. */

import { serveWideChannel } from '../test/e2e/wide-channel.ts';
import { markdownTable, publishPage } from './report.ts';

const SUBSCRIBERS = 50_000;
const MESSAGES = 20;

export async function benchWideChannel(): Promise<void> {
  const result = await serveWideChannel({
    subscribers: SUBSCRIBERS,
    messages: MESSAGES,
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
  const { shards, fullestShard, kills, wrong, repeated, secondsToJoin, secondsToDeliver } = result;
  const deliveries = SUBSCRIBERS * MESSAGES;
  const verdict =
    wrong === 0 ? 'Everyone got every message exactly once.' : `BROKEN for ${wrong} subscribers.`;
  await publishPage(
    'wide-channel',
    `# A channel of ${SUBSCRIBERS.toLocaleString('en-US')} subscribers

Rows in the embedded DynamoDB, the deployed functions in the local runtime, and a management API that counts who got what.
With each message one worker is killed in the middle of its posts, and its invocation is repeated. ${verdict} "Once" goes by
the number of the message, as clients do: what a killed worker had posted already is posted again.

${markdownTable(
  ['', ''],
  [
    ['subscribers', SUBSCRIBERS],
    ['shards, grown while they came', shards],
    ['rows in the fullest shard', fullestShard],
    ['messages', MESSAGES],
    ['workers killed', kills],
    ['deliveries', deliveries],
    ['subscribers who did not get each message once', wrong],
    ['posts that were repeated after a kill', repeated],
    ['seconds to subscribe all', secondsToJoin],
    ['seconds to deliver all messages, one after the other', secondsToDeliver],
    ['deliveries per second, everything on two cores', Math.round(deliveries / secondsToDeliver)],
  ],
)}`,
  );
}
