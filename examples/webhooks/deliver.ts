/** The function of the example. It takes events from the queue, and leaves undelivered ones there for a later attempt. */

import { Logger } from '@aws-lambda-powertools/logger';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import { secretValue } from '../../lambdas/aws/secret-value.ts';
import { lifecycleEvent, postWebhook, webhookUrl } from './webhook.ts';

/** Checked once for each environment. */
const variables = v.parse(v.object({ WEBHOOK_URL: webhookUrl, WEBHOOK_SECRET: v.string() }), process.env);
const log = new Logger({ serviceName: 'webhooks' });
const secret = secretValue(new SecretsManagerClient(), variables.WEBHOOK_SECRET, Date.now);

const queued = v.object({
  Records: v.array(
    v.object({ messageId: v.string(), body: v.pipe(v.string(), v.parseJson(), lifecycleEvent) }),
  ),
});

export async function handler(event: unknown) {
  const { Records } = v.parse(queued, event);
  const endpoint = { url: variables.WEBHOOK_URL, secret: `whsec_${await secret()}` };
  const failures = await Promise.all(
    Records.map(async ({ messageId, body }) => {
      try {
        await postWebhook(endpoint, body, Date.now());
        return [];
      } catch (error) {
        log.warn('A webhook did not arrive', { messageId, type: body['detail-type'], reason: String(error) });
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  return { batchItemFailures: failures.flat() };
}
