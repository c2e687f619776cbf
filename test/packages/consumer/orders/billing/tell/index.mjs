/** Publishes each new bill by an event. */

import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

const { STAGE: stage } = process.env;
const bridge = new EventBridgeClient();

export async function handler({ Records }) {
  const Entries = Records.map(({ dynamodb }) => ({
    Source: `fanfare.publish.${stage}`,
    DetailType: 'fanfare.publish',
    Detail: JSON.stringify({ stage, channels: ['orders:bills'], data: dynamodb.Keys.id.S }),
  }));
  await bridge.send(new PutEventsCommand({ Entries }));
}
