/** `fallback`: clients without WebSockets. Streams, polls and commands arrive here, at a public URL. */

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { dynamoHttpSessions } from './aws/dynamo-http-sessions.ts';
import { dynamoLeases } from './aws/dynamo-leases.ts';
import { dynamoMailboxes } from './aws/dynamo-mailboxes.ts';
import { dynamoOpenings } from './aws/dynamo-openings.ts';
import { dynamoPlaces } from './aws/dynamo-places.ts';
import { dynamoRevocations } from './aws/dynamo-revocations.ts';
import type { UrlEvent } from './events/url-event.ts';
import type { FallbackContext } from './fallback/context.ts';
import { Openings } from './fallback/openings.ts';
import { Places } from './fallback/places.ts';
import { respond } from './fallback/respond.ts';
import { logLines } from './realtime/log-lines.ts';
import { admissionsOf } from './wiring/admission-policy.ts';
import { commandContext } from './wiring/command-context.ts';
import { environmentOf } from './wiring/environment.ts';

const environment = environmentOf('fallback');
const { CONNECTIONS_TABLE: connections, SUBSCRIPTIONS_TABLE: subscriptions } = environment;
const wholeNumber = v.pipe(v.string(), v.decimal(), v.toNumber());
const log = new Logger({ serviceName: 'fallback' });
const client = new DynamoDBClient();
const commands = commandContext(client, environment, log);

const context: FallbackContext = {
  ...commands,
  ports: {
    ...commands.ports,
    revocations: dynamoRevocations(client, environment.REVOCATIONS_TABLE),
    sessions: dynamoHttpSessions(client, environment.HTTP_SESSIONS_TABLE),
    mailboxes: dynamoMailboxes(client, environment.MAILBOXES_TABLE, Date.now),
    leases: dynamoLeases(client, { connections, subscriptions }),
  },
  admissions: admissionsOf(environment),
  openings: new Openings(dynamoOpenings(client, environment.HTTP_SESSIONS_TABLE), Date.now),
  places: new Places(
    dynamoPlaces(client, environment.HTTP_SESSIONS_TABLE),
    v.parse(wholeNumber, environment.WAITING_PLACES),
    Date.now,
  ),
  sessionsPerAddress: v.parse(wholeNumber, environment.SESSIONS_PER_ADDRESS),
  streamMs: v.parse(wholeNumber, environment.STREAM_SECONDS) * 1000,
  onRefused: (fields) => log.info(logLines.requestRefused, fields),
};

export const handler = awslambda.streamifyResponse<UrlEvent>(async (event, stream, lambda) => {
  const { status, headers, ...answer } = await respond(
    event,
    () => lambda.getRemainingTimeInMillis(),
    context,
  );
  const out = awslambda.HttpResponseStream.from(stream, { statusCode: status, headers });
  if ('run' in answer) return answer.run(out);
  // Lambda sends status and headers with the first chunk. Without a chunk it would not send them.
  out.write(answer.body);
  out.end();
});
