/**
 * Stands in for `answer` in a run. A port call is held up now and then, as by a slow network or a frozen function, so that windows
 * which are microseconds wide on a laptop are open long enough for other writers, readers and kills to fall in.
 * `MUTANT`, put in by the bundler, names a mistake to plant between the domain and these ports.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { answer as soundAnswer } from '../../lambdas/actions/answer.ts';
import { type MutantName, mutants, type Remove } from '../exploration/mutants.ts';
import { type Step, steppedPorts } from '../exploration/stepped-ports.ts';

declare const MUTANT: MutantName | null;

/** Each invocation is slow at one of these, if it comes to it: where the order of steps is the whole of a promise. */
const SLOW_STEPS = ['subscribe', 'head', 'raise', 'subscribers', 'write', 'read', 'seal', 'unsubscribe'];

/** For at most so long: several times a reader's patience with a missing record. Milliseconds. */
const LONGEST_MS = 400;

const client = new DynamoDBClient();

function hesitation(): Step {
  let slow = SLOW_STEPS[Math.floor(SLOW_STEPS.length * Math.random())];
  return async (label, run) => {
    if (label === slow) {
      slow = undefined;
      await hesitate();
    }
    return run();
  };
}

function hesitate(): Promise<void> {
  return sleep(LONGEST_MS * Math.random());
}

const remove: Remove = async (channel, seq) => {
  await hesitate();
  await client.send(
    new DeleteItemCommand({
      TableName: process.env['MESSAGES_TABLE'],
      Key: { channel: { S: channel }, seq: { N: String(seq) } },
    }),
  );
};

export const answer: typeof soundAnswer = (frame, caller, context) => {
  const stepped = steppedPorts(context.ports, hesitation());
  const ports = { ...context.ports, ...(MUTANT ? mutants[MUTANT](stepped, remove) : stepped) };
  return soundAnswer(frame, caller, { ...context, ports });
};
