/** Stands in for `answer` in a bundle with a planted mistake; `MUTANT` is its name, put in by the bundler. */

import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { answer as soundAnswer } from '../../lambdas/actions/answer.ts';
import { type MutantName, mutants, type Remove } from '../exploration/mutants.ts';

declare const MUTANT: MutantName;

const client = new DynamoDBClient();

const remove: Remove = (channel, seq) =>
  client.send(
    new DeleteItemCommand({
      TableName: process.env['MESSAGES_TABLE'],
      Key: { channel: { S: channel }, seq: { N: String(seq) } },
    }),
  );

export const answer: typeof soundAnswer = (frame, caller, context) =>
  soundAnswer(frame, caller, { ...context, ports: mutants[MUTANT](context.ports, remove) });
